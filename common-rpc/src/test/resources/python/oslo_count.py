"""Takes numbers as oslo.messaging's queue manager does: oslo_count.py HOST PROCESS LOCKS COUNTERS TIMES

Uses the installed queue manager, or in versions that have none the same lock, file and process group.
"""
import os
import sys

from oslo_concurrency import lockutils


class QManager:
    def __init__(self, hostname, processname):
        self.hostname = hostname
        self.processname = processname
        self.pg = os.getpgrp()
        with open('/proc/%d/stat' % self.pg) as stat:
            self.start_time = int(stat.read().rsplit(')', 1)[1].split()[19])

    def get(self):
        with lockutils.external_lock('oslo_read_shm_%s_%s' % (self.hostname, self.processname)):
            number = 0
            if os.path.exists(self.file_name):
                with open(self.file_name) as counter:
                    group, number, start = counter.read().split(':')
                if (int(group), int(start)) != (self.pg, self.start_time):
                    number = 0
            with open(self.file_name, 'w') as counter:
                counter.write('%d:%d:%d' % (self.pg, int(number) + 1, self.start_time))
        return '%s:%s:%d' % (self.hostname, self.processname, int(number) + 1)


def main(host, process, locks, counters, times):
    global QManager
    try:
        from oslo_messaging._drivers.amqpdriver import QManager
    except ImportError:
        pass
    lockutils.set_defaults(locks)
    manager = QManager(host, process)
    manager.file_name = os.path.join(counters, '%s_%s_qmanager' % (host, process))
    for _ in range(int(times)):
        print(manager.get(), flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
