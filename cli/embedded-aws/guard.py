"""Runs MiniStack and makes sure that it never outlives its owner.

A process of its own, because neither end can do this alone: the owner may be killed with SIGKILL and then cleans up
nothing, and MiniStack may die and leave its Lambda workers behind. The guard holds nothing but two process ids, so it
is the last one to fail. It ends everything when
  - standard input reaches its end: the owner holds the other end of that pipe, and the kernel closes it however the
    owner ends. An owner that wants the server to stay writes the line "free" first (`rescind local up`, once it has
    noted where the server is: until then, Ctrl-C leaves nothing behind here too);
  - it gets SIGTERM, SIGINT or SIGHUP;
  - MiniStack ends by itself.

Usage: guard.py INSTANCE. INSTANCE only names the process, so that `rescind local` recognises it.
Prints one line of JSON with the ids once the server is started.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading


def main() -> int:
    server = None
    asked_to_end = False

    def end(*_: object) -> None:
        nonlocal asked_to_end
        asked_to_end = True
        if server is not None:
            kill_group(server.pid)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)

    # Everything that MiniStack writes goes here and nowhere else: its defaults are fixed paths under /tmp, which two
    # instances would share.
    folder = tempfile.mkdtemp(prefix="rescind-aws-")
    try:
        server = subprocess.Popen(
            [sys.executable, "-I", os.path.join(os.path.dirname(os.path.abspath(__file__)), "serve.py")],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            # A group of its own: the Lambda workers inherit it, so one signal reaches all of them.
            start_new_session=True,
            env={
                **os.environ,
                "TMPDIR": folder,
                "S3_DATA_DIR": os.path.join(folder, "s3"),
                "STATE_DIR": os.path.join(folder, "state"),
            },
        )
        print(json.dumps({"guard": os.getpid(), "server": server.pid, "folder": folder}), flush=True)
        if asked_to_end:
            kill_group(server.pid)
        threading.Thread(target=end_with_owner, args=(end,), daemon=True).start()
        server.wait()
        kill_group(server.pid)  # the workers of a server that died by itself
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if asked_to_end else 1


def end_with_owner(end) -> None:
    # Not through sys.stdin: a thread that waits there holds a lock that the interpreter wants when it ends.
    said = b""
    while not said.endswith(b"\n") and (part := os.read(0, 64)):
        said += part
    if said != b"free\n":
        end()


def kill_group(pid: int) -> None:
    # SIGKILL at once: all state is in the temporary folder, so there is nothing that a polite end would save.
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    except PermissionError:
        pass  # macOS answers so for a group of which only zombies are left


if __name__ == "__main__":
    sys.exit(main())
