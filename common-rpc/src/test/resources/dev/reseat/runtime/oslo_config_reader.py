"""Reads files with the real oslo.config and prints what it makes of them.

Arguments: the files. Every key in them is made an option.
Output: {"error": text} or {"values": [[group, key, how, value], ...]}, where how is "last", "all" or "error".
"""
import json
import sys

from oslo_config import cfg


def normal(group):
    return group if group == "DEFAULT" else group.lower()


def names(files):
    found = []
    for file in files:
        sections = {}
        cfg.ConfigParser(file, sections).parse()
        found += [(normal(group), key) for group, keys in sections.items() for key in keys]
    return list(dict.fromkeys(found))


def value(files, options, group, key, multi):
    conf = cfg.ConfigOpts()
    for name in options:
        kind = cfg.MultiStrOpt if multi and name == (group, key) else cfg.StrOpt
        conf.register_opt(kind(name[1]), group=None if name[0] == "DEFAULT" else name[0])
    conf([], project="reseat-test", default_config_files=files, default_config_dirs=[])
    try:
        read = conf[key] if group == "DEFAULT" else conf[group][key]
        return [group, key, "all" if multi else "last", read]
    except cfg.Error as error:
        return [group, key, "error", str(error)]


def main(files):
    try:
        options = names(files)
        return {"values": [value(files, options, *name, multi) for name in options for multi in (False, True)]}
    except (cfg.Error, cfg.ParseError) as error:
        return {"error": str(error)}


json.dump(main(sys.argv[1:]), sys.stdout)
