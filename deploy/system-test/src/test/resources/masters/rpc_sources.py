"""Tells as JSON what a source of OpenStack says of its RPC. The source is read, never run.

    rpc_sources.py sends FILE CLASS     what a client class sends, method by method
    rpc_sources.py takes FILE CLASS     what a manager's methods take
    rpc_sources.py constant FILE NAME   a constant of the file, or of a class as CLASS.NAME
    rpc_sources.py objects FILE         the names and versions that calls of OBJ_VERSIONS.add give
"""
import ast
import json
import re
import sys

VERSION = re.compile(r"^\d+\.\d+$")


def text(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def assigned(function, name):
    """The values that a function gives to a variable."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets):
            yield node.value


def keys(function, name):
    """The keys that a dictionary of a function may have."""
    found = set()
    for value in assigned(function, name):
        if isinstance(value, ast.Dict):
            found.update(filter(None, map(text, value.keys)))
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) \
                and node.value.id == name:
            found.add(text(node.slice))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update" \
                and isinstance(node.func.value, ast.Name) and node.func.value.id == name:
            found.update(keyword.arg for keyword in node.keywords if keyword.arg)
    return found


def sent(function, call):
    """Kind, method names and arguments of a call of a client; None for any other."""
    kind = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id \
        if isinstance(call.func, ast.Name) and call.func.id == "rpc_method" else None
    if kind not in ("call", "cast", "rpc_method") or len(call.args) < 2:
        return None
    method = call.args[1]
    names = [text(method)] if text(method) else \
        [text(value) for value in assigned(function, method.id) if text(value)] if isinstance(method, ast.Name) else []
    arguments = set()
    for keyword in call.keywords:
        arguments.update([keyword.arg] if keyword.arg else keys(function, keyword.value.id))
    return kind, names, arguments


def sends(tree):
    methods = {}
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        versions = sorted({text(node) for node in ast.walk(function) if text(node) and VERSION.match(text(node))},
                          key=lambda version: tuple(map(int, version.split("."))))
        for node in ast.walk(function):
            told = sent(function, node) if isinstance(node, ast.Call) else None
            for name in told[1] if told else []:
                method = methods.setdefault(name, {"kinds": [], "arguments": [], "versions": versions})
                method["kinds"] = sorted({*method["kinds"], *(["call", "cast"] if told[0] == "rpc_method" else
                                                              [told[0]])})
                method["arguments"] = sorted({*method["arguments"], *told[2]})
    return methods


def takes(tree):
    methods = {}
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            names = [argument.arg for argument in function.args.args]
            required = names[:len(names) - len(function.args.defaults)]
            methods[function.name] = {"arguments": names[2:], "required": required[2:]}
    return methods


def named(tree, name):
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def constant(tree, name):
    for part in name.split(".")[:-1]:
        tree = named(tree, part)
    return next(ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign)
                and any(isinstance(to, ast.Name) and to.id == name.split(".")[-1] for to in node.targets))


def objects(tree):
    told = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add" \
                and isinstance(node.func.value, ast.Name) and node.func.value.id == "OBJ_VERSIONS":
            told[text(node.args[0])] = ast.literal_eval(node.args[1])
    return told


def main(what, file, name=None):
    with open(file, encoding="utf-8") as source:
        tree = ast.parse(source.read())
    print(json.dumps({
        "sends": lambda: sends(named(tree, name)),
        "takes": lambda: takes(named(tree, name)),
        "constant": lambda: constant(tree, name),
        "objects": lambda: objects(tree),
    }[what]()))


main(*sys.argv[1:])
