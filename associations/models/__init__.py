from associations.models.association import Association

__all__ = ["Association"]
