"""Prints the images of a pool that are called as volumes are, each with its watchers and locks and whether snapshots
hold it, as {"images": [...], "more": BOOL}: in the order of the names, as many as the time is enough for, and whether there
are more after them. Changes nothing: an image that is opened to be read is not watched.
"""
import argparse
import concurrent.futures
import json
import re
import time

import rados
import rbd

AT_ONCE = 16


def arguments():
    parser = argparse.ArgumentParser()
    for name in "cluster", "pool", "before", "id-pattern", "after":
        parser.add_argument("--" + name, required=True)
    for name in "conf", "user", "last":
        parser.add_argument("--" + name, default="")
    parser.add_argument("--most", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    return parser.parse_args()


def look(pool, name):
    try:
        with rbd.Image(pool, name, read_only=True) as image:
            watchers = [{"client": str(one["id"]), "address": one["addr"]} for one in image.watchers_list()]
            locks = image.list_lockers() or {"lockers": []}
            return {
                "name": name,
                "watchers": watchers,
                "locks": [{"locker": owner, "address": address} for owner, _, address in locks["lockers"]],
                "held": any(True for _ in image.list_snaps()),
            }
    except rbd.ImageNotFound:  # meanwhile
        return {"name": name, "gone": True}
    except rbd.Error as failure:
        return {"name": name, "error": str(failure)}


def main():
    wanted = arguments()
    end = time.monotonic() + wanted.seconds
    called = re.compile(re.escape(wanted.before) + wanted.id_pattern + re.escape(wanted.after))
    with rados.Rados(
        conffile=wanted.conf, clustername=wanted.cluster, **({"rados_id": wanted.user} if wanted.user else {})
    ) as cluster, cluster.open_ioctx(wanted.pool) as pool:
        names = sorted(name for name in rbd.RBD().list(pool) if called.fullmatch(name) and name > wanted.last)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as together:
            seen = []
            while len(seen) < min(wanted.most, len(names)) and (not seen or time.monotonic() < end):
                some = names[len(seen) : min(wanted.most, len(seen) + 4 * AT_ONCE)]
                seen.extend(together.map(lambda name: look(pool, name), some))
    print(json.dumps({"images": seen, "more": len(seen) < len(names)}))


main()
