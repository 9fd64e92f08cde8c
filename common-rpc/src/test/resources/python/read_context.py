"""Reads a request context, one line of JSON, as Nova or Cinder does (its word), and prints what became of it.

Without a word it is read by oslo.utils alone; "missing" is printed where the project is not installed.
"""
import datetime
import importlib
import json
import sys

from oslo_utils import timeutils

values = json.loads(sys.stdin.readline())
if len(sys.argv) == 1:
    times = (datetime.datetime.strptime(values['timestamp'], '%Y-%m-%dT%H:%M:%S.%f'),
             timeutils.parse_strtime(values['timestamp']))
    print(json.dumps([time.isoformat(timespec='microseconds') for time in times]), flush=True)
else:
    try:
        context = importlib.import_module(sys.argv[1] + '.context')
    except ImportError:
        print(json.dumps('missing'), flush=True)
    else:
        read = context.RequestContext.from_dict(dict(values))
        print(json.dumps(read.to_dict(), default=str), flush=True)
