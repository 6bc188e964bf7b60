"""The numbers that identify an association: RNA, of the prefecture, and SIRET, of INSEE."""

LA_POSTE = "356000000"  # whose establishments follow a rule of their own


def luhn(siret):
    """
    Whether the last of fourteen digits answers for the others (ISO/IEC 7812-1).

    Those of La Poste have a sum that is a multiple of five instead.
    """
    if siret.startswith(LA_POSTE):
        return sum(map(int, siret)) % 5 == 0 or checks(siret)
    return checks(siret)


def checks(digits):
    doubled = [2 * int(d) if rank % 2 else int(d) for rank, d in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0
