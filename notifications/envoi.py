"""The outbox: what a domain calls to tell somebody something, once."""

from notifications.models import Message


def post(cle, *, objet, texte, expire_le, courriel="", telephone="", **fields):
    """
    Write a message once (`cle` is unique) in the transaction that causes it.

    To the e-mail address, else to the list of those to call, where `texte` is read aloud; with
    neither nothing is written. `fields` are those of Message: nom, creneau, html, pieces (a list of
    {"nom", "type", "texte"}), secrets, repondre_a. Returns the message, or None.
    """
    if not (courriel or telephone):
        return None
    if not courriel:
        fields |= {"canal": Message.Canal.TELEPHONE, "etat": Message.Etat.A_APPELER}
    fields |= {"objet": objet, "texte": texte, "expire_le": expire_le}
    message, _ = Message.objects.get_or_create(
        cle=cle, defaults=fields | {"destinataire": courriel or telephone}
    )
    return message
