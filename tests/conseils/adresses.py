"""Addresses that no page may lead to, whatever a text or a field holds (fault 9)."""

SCHEMES = ["javascript", "JaVaScRiPt", "vbscript", "livescript", "data", "file", "ftp", "blob"]
SCHEMES += ["about", "ws", "wss", "view-source", "jar", "intent", "chrome", "ms-word", "ms-msdt"]
SCHEMES += ["search-ms", "smb", "sms", "skype", "x", "filesystem", "feed", "resource", "mocha"]
HOSTILE = [f"{scheme}:alert(1)" for scheme in SCHEMES]
# Written so that a search for the word finds none.
HOSTILE += [
    *["java\tscript:alert(1)", "java\nscript:alert(1)", "java\rscript:alert(1)"],
    *["\x01javascript:alert(1)", "\ufeffjavascript:alert(1)", "\u2028javascript:alert(1)"],
    *["java\u200bscript:alert(1)", "javascript\u00ad:alert(1)", "javascript\t:alert(1)"],
    *["javascript&colon;alert(1)", "javascript&#58;alert(1)", "javascript&#x3a;alert(1)"],
    *["java&Tab;script:alert(1)", "java&NewLine;script:alert(1)", "&#106;avascript:alert(1)"],
    *["&#x6A;avascript:alert(1)", "&#0000106avascript:alert(1)", "javascript%3Aalert(1)"],
    *["java%0ascript:alert(1)", " javascript:alert(1)", "\u00a0javascript:alert(1)"],
    *["javascript:\\u0061lert(1)", "ja\\vascript:alert(1)", "jav\u0430script:alert(1)"],
    *["\uff4aavascript:alert(1)", "javascript\uff1aalert(1)", "<javascript:alert(1)>"],
]
# What follows the scheme.
HOSTILE += [
    *["javascript:/*--></title>*/alert(1)", "javascript://ville.example/%0aalert(1)"],
    *["data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4="],
    *["data:image/svg+xml,<svg onload=alert(1)>", "data:,x", "file:///etc/passwd"],
    *["file://serveur/partage", "mhtml:http://a!b", "feed:javascript:alert(1)"],
]
# Of the web or not, these must not leave their attribute.
ODD = ['https://a.example/"onmouseover="alert(1)', "//a.example/", "\\\\serveur\\partage"]
ODD += ["https://a.example/'><img src=x onerror=alert(1)>", "http:javascript:alert(1)"]
GOOD = ["https://a.fr/", "http://a.fr/", "mailto:a@b.fr", "tel:+334"]
ALLOWED = {"http", "https", "mailto", "tel"}
WRAPPED = ["[lien]({})", "![image]({})", "<{}>", "[lien][a]\n\n[a]: {}", '<a href="{}">lien</a>']
