"""
Make .venv and install a lock in it: `python3 portail/installation.py requirements.txt`.

Runs before anything is installed, and must be read by an old Python too: standard library only.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
READY = "import sys, pip; sys.exit(sys.version_info < (3, 11))"


def find_newer_python():
    """Go on with another Python of this machine, where `python3` is too old."""
    for minor in range(20, 10, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    major, minor = sys.version_info[:2]
    sys.exit(
        f"Il faut Python 3.11 ou plus récent, et ce Python est un {major}.{minor} : installez "
        "python3.11 (Debian, Ubuntu : apt install python3.11 python3.11-venv)."
    )


def create_venv():
    missing = [name for name in ("venv", "ensurepip") if not importlib.util.find_spec(name)]
    if missing:
        major, minor = sys.version_info[:2]
        sys.exit(
            f"Il manque à Python son module {missing[0]} : installez python{major}.{minor}-venv "
            f"(Debian, Ubuntu : apt install python{major}.{minor}-venv)."
        )
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", VENV])


def install(lock):
    """Install a lock, once for each of its contents."""
    with open(os.path.join(ROOT, lock), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    stamp = os.path.join(VENV, lock + ".sha256")
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == digest:
                return
    print(f"Installation des bibliothèques de {lock} (une minute environ)…", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    subprocess.check_call([*pip, "--require-hashes", "-r", os.path.join(ROOT, lock)])
    with open(stamp, "w") as file:
        file.write(digest)


def is_ready():
    return os.path.exists(PYTHON) and subprocess.call([PYTHON, "-c", READY]) == 0


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036
        find_newer_python()
    with open(__file__) as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)  # two commands may meet in a fresh clone
        try:
            if not is_ready():
                create_venv()
            install(sys.argv[1])
        except subprocess.CalledProcessError:
            sys.exit("L’installation a échoué : la raison est donnée ci-dessus.")
        except KeyboardInterrupt:
            sys.exit("Installation interrompue : la même commande la reprendra.")
