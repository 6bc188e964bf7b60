"""What other sites read of an association (schema.org, in JSON-LD)."""

from django.conf import settings

from maisons.donnees_liees import script


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
