from django import forms

from permanences.models.question import LONGEST_ANSWER


class AnswerForm(forms.Form):
    """What is sent to who asked an élu."""

    reponse = forms.CharField(
        label="Votre réponse",
        max_length=LONGEST_ANSWER,
        help_text="Du texte seul, 2 000 signes au plus. Elle part telle quelle, sans la question.",
        error_messages={
            "required": "Écrivez la réponse, ou dites que vous l’avez donnée de vive voix.",
            "max_length": "Écrivez 2 000 signes au plus : il y en a %(show_value)d.",
        },
        widget=forms.Textarea(attrs={"rows": 8}),
    )
