"""A permanence as data that other sites read (schema.org, in JSON-LD): never an appointment."""

from django.conf import settings
from django.utils import timezone

from maisons.donnees_liees import dated, named, postal, script


def permanence(permanence, dates, ville):
    """The text of a script; its dates that hold are the hours of the service."""
    service, address = permanence.service, settings.SITE_URL + permanence.get_absolute_url()
    spoken = ["fr", *sorted(permanence.spoken)]
    return script(
        {
            "@type": "GovernmentService",
            "@id": address,
            "url": address,
            "name": service.nom,
            "description": service.chapeau,
            "serviceType": service.get_theme_display(),
            "provider": provider(service, ville),
            "areaServed": {"@type": "City", "name": str(ville)},
            "availableLanguage": spoken,
            "isAccessibleForFree": service.gratuit,
            "hoursAvailable": [hours(date) for date in dates if not date.annule_le],
            "availableChannel": {
                "@type": "ServiceChannel",
                "serviceLocation": place(permanence.maison, ville),
                "availableLanguage": spoken,
            },
        }
    )


def provider(service, ville):
    return {"@type": "Organization", "name": service.organisme or f"Ville de {ville}"}


def place(maison, ville):
    told = {"telephone": maison.telephone} if maison.telephone else {}
    return {"@type": "Place", "address": postal(maison.adresse, ville)} | named(maison) | told


def hours(date):
    """From the hour when it begins to the hour when it ends, on that day alone."""
    debut, fin = timezone.localtime(date.debut), timezone.localtime(date.fin)
    return dated(debut.date(), debut.date(), debut, fin)
