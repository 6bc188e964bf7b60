"""What other sites read of an association (schema.org, in JSON-LD)."""

from django.conf import settings

from maisons.donnees_liees import event, script


def organization(association):
    address = {"@type": "PostalAddress", "streetAddress": association.adresse}
    return script(
        {
            "@type": "NGO",
            "name": association.nom,
            "alternateName": association.sigle,
            "description": association.objet,
            "url": f"{settings.SITE_URL}{association.get_absolute_url()}",
            "sameAs": association.link,
            "telephone": association.telephone,
            "identifier": association.rna or association.siret,
            "areaServed": association.quartier and association.quartier.nom,
            "address": association.adresse and address,
        }
    )


def sessions(activite, dates, ville):
    """One Event for each session to come of a public activity, organised by its association."""
    if not activite.publie_le:
        return []
    address = f"{settings.SITE_URL}{activite.association.get_absolute_url()}"
    by = {"@type": "NGO", "name": activite.association.nom, "url": address}
    return [script(event(activite, date, None, ville, by)) for date in dates]
