"""An external lock of the real oslo.concurrency.

external_lock.py DIRECTORY NAME PREFIX     for each line of its input one line: "take" -> "held" or "busy", "give" -> "free"
"""
import sys

from oslo_concurrency import lockutils


def main(directory, name, prefix):
    lock = lockutils.external_lock(name, prefix, directory)
    for line in sys.stdin:
        if line.strip() == 'take':
            print('held' if lock.acquire(blocking=False) else 'busy', flush=True)
        else:
            lock.release()
            print('free', flush=True)


main(*sys.argv[1:])
