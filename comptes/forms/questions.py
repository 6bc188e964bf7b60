# One table: a question has the same label, help and autocomplete on every page that asks it.
QUESTIONS = {
    "nom": {
        "label": "Votre nom",
        "help_text": "Comme vous aimez qu’on vous appelle. L’accueil le voit, le public jamais.",
        "autocomplete": "name",
        "required": "Écrivez votre nom.",
    },
    "email": {
        "label": "Adresse e-mail",
        "autocomplete": "email",
        "required": "Écrivez votre adresse e-mail.",
        "invalid": "Cette adresse n’est pas complète. Elle s’écrit comme nom@exemple.fr.",
    },
    "password": {
        "label": "Mot de passe",
        "autocomplete": "current-password",
        "required": "Écrivez votre mot de passe.",
    },
    "oldpassword": {
        "label": "Mot de passe actuel",
        "autocomplete": "current-password",
        "required": "Écrivez votre mot de passe actuel.",
    },
    "password1": {
        "label": "Nouveau mot de passe",
        "help_text": "Par exemple, trois ou quatre mots sans rapport.",
        "autocomplete": "new-password",
        "required": "Écrivez un nouveau mot de passe.",
    },
    "code": {
        "label": "Code reçu par e-mail",
        "help_text": "Neuf chiffres, avec ou sans espaces.",
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "required": "Écrivez le code reçu par e-mail.",
    },
    "remember": {"label": "Se souvenir de moi sur cet appareil"},
}
QUESTIONS["login"] = QUESTIONS["email"]
MESSAGES = ("required", "invalid")
ATTRIBUTES = ("autocomplete", "inputmode")


class PlainWords:
    """A form in our words; what is typed twice elsewhere is asked once, and shown as typed."""

    questions = QUESTIONS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            asked = self.questions[name]
            field.label, field.help_text = asked["label"], asked.get("help_text", "")
            field.error_messages |= {key: asked[key] for key in MESSAGES if key in asked}
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs |= {key: asked[key] for key in ATTRIBUTES if key in asked}
