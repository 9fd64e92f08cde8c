"""recorded_files.py PATH...: what is below, one line for each: "PATH = CONTENT", "PATH -> TARGET", "PATH/"

Text with line ends escaped; what cannot be read is left out. A path that is a link itself is followed.
"""
import os
import sys


def show(path):
    name = path.lstrip('/')
    if os.path.islink(path):
        print('%s -> %s' % (name, os.readlink(path)))
    elif os.path.basename(path) in ('queue', 'mq', 'power', 'integrity', 'trace'):
        return  # of every block device, and of no interest here
    elif os.path.isdir(path):
        print(name + '/')
        for entry in sorted(os.listdir(path)):
            show(os.path.join(path, entry))
    else:
        try:
            with open(path, encoding='latin-1') as file:
                text = file.read()
        except OSError:
            return
        for char, code in (('\\', '\\\\'), ('\n', '\\n'), ('\t', '\\t'), ('\r', '\\r'), ('\0', '\\0')):
            text = text.replace(char, code)
        print('%s = %s' % (name, text))


for path in sys.argv[1:]:
    if os.path.isdir(path):
        print(path.strip('/') + '/')
        for entry in sorted(os.listdir(path)):
            show(os.path.join(path, entry))
    else:
        show(path)
