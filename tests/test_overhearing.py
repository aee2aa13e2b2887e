"""What was overheard goes when the process that heard it ends."""

import subprocess
import sys
from pathlib import Path


def test_a_process_that_ends_leaves_no_folder_behind() -> None:
    heard = "from tests.overhearing import OVERHEARD; OVERHEARD.log.write_text('heard'); print(OVERHEARD.folder)"
    ended = subprocess.run([sys.executable, "-c", heard], capture_output=True, text=True, check=True)
    folder = Path(ended.stdout.strip())
    assert folder.name.startswith("chargekey-overheard-")
    assert not folder.exists()
