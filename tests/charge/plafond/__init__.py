"""
The ceiling: the smallest Django site that does the kind of work the portal does.

Three indexed queries and fifty rows through the template engine, a day of five rooms, a bare
booking under an exclusion constraint. What the portal costs is told as times what this costs,
measured in the same minute: the machine is noisy, ratios are not.
"""
