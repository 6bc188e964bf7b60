from permanences.admin.rendez_vous import RendezVousAdmin

__all__ = ["RendezVousAdmin"]
