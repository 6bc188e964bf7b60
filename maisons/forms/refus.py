"""What a rule refuses, told in the form that asked."""

UNKNOWN = {"invalid_choice": "« %(value)s » n’est pas dans la liste."}


def tell(form, error, asked_as=None):
    """Beside the question that it is about; `asked_as` is {column: question} where they differ."""
    faults = error.error_dict if hasattr(error, "error_dict") else {None: error}
    for name, told in faults.items():
        field = (asked_as or {}).get(name, name)
        form.add_error(field if field in form.fields else None, told)


def tell_whole(form, error):
    """Of the whole form: what a row refuses is about columns that this one has not."""
    form.add_error(None, error.messages if hasattr(error, "error_dict") else error)
