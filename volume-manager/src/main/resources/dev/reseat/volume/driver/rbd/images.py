"""Prints the images of a pool that are called as volumes are, each with its watchers and locks and what keeps it from
being deleted, as {"images": [...], "more": BOOL}: in the order of the names, as many as the time is enough for, and whether there
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
STATES = {
    rbd.RBD_IMAGE_MIGRATION_STATE_ERROR: "error",
    rbd.RBD_IMAGE_MIGRATION_STATE_PREPARING: "preparing",
    rbd.RBD_IMAGE_MIGRATION_STATE_PREPARED: "prepared",
    rbd.RBD_IMAGE_MIGRATION_STATE_EXECUTING: "executing",
    rbd.RBD_IMAGE_MIGRATION_STATE_EXECUTED: "executed",
    rbd.RBD_IMAGE_MIGRATION_STATE_ABORTING: "aborting",
}


def arguments():
    parser = argparse.ArgumentParser()
    for name in "cluster", "pool", "before", "id-pattern", "after":
        parser.add_argument("--" + name, required=True)
    for name in "conf", "user", "last":
        parser.add_argument("--" + name, default="")
    parser.add_argument("--most", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    return parser.parse_args()


def holders(pool, name, image):
    held = []
    for snapshot in image.list_snaps():
        if snapshot["namespace"] == rbd.RBD_SNAP_NAMESPACE_TYPE_TRASH:
            original = snapshot["trash"]["original_name"]
            held.append("snapshot " + original + ", deleted, in the trash for its clones")
        else:
            held.append("snapshot " + snapshot["name"])
    if held:
        for clone in image.list_children2():
            held.append("clone " + clone["pool"] + "/" + clone["image"] + (", in the trash" if clone["trash"] else ""))
    if image.features() & rbd.RBD_FEATURE_MIGRATING:
        held.append("migration, " + STATES.get(rbd.RBD().migration_status(pool, name)["state"], "of an unknown state"))
    return held


def look(pool, name):
    try:
        with rbd.Image(pool, name, read_only=True) as image:
            watchers = [{"client": str(one["id"]), "address": one["addr"]} for one in image.watchers_list()]
            locks = image.list_lockers() or {"lockers": []}
            return {
                "name": name,
                "watchers": watchers,
                "locks": [{"locker": owner, "address": address} for owner, _, address in locks["lockers"]],
                "held": holders(pool, name, image),
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
