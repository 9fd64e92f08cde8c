"""The real oslo.messaging as one side of the benchmark: oslo_peer.py client|server|agents oslo URL SERVERS

Answers each line of JSON on stdin with one on stdout, after a first line that says it is ready. Ends with its input.
"""
import json
import logging
import sys
import threading
import time
import uuid

from oslo_config import cfg
import oslo_messaging

CONTEXT = {
    'user': None, 'project_id': None, 'user_id': None, 'is_admin': True, 'read_only': False, 'show_deleted': False,
    'auth_token': None, 'request_id': 'req-' + str(uuid.uuid4()), 'global_request_id': None, 'resource_uuid': None,
    'roles': ['admin'], 'is_admin_project': True, 'read_deleted': 'no', 'remote_address': None,
    'timestamp': '2026-01-01T00:00:00.000000', 'quota_class': None, 'service_catalog': []}


class Tally:
    def __init__(self):
        self.changed = threading.Condition()
        self.count = 0

    def arrived(self):
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def reset(self):
        with self.changed:
            self.count = 0

    def wait(self, count, seconds):
        with self.changed:
            self.changed.wait_for(lambda: self.count >= count, seconds)
            return self.count


class Endpoint:
    target = oslo_messaging.Target(version='1.0')

    def __init__(self, tally):
        self.tally = tally

    def echo(self, context, value):
        self.tally.arrived()
        return value

    def keep(self, context, value):
        self.tally.arrived()


class Load:
    def __init__(self, act, seconds):
        self.act = act
        self.seconds = seconds
        self.failed = 0
        self.failure = ''

    def repeat(self, latencies, end):
        start = time.perf_counter()
        while start < end:
            try:
                self.act()
                latencies.append(time.perf_counter() - start)
            except Exception as e:
                self.failed += 1
                self.failure = self.failure or repr(e)
            start = time.perf_counter()

    def run(self, in_flight):
        begin = time.perf_counter()
        lists = [[] for _ in range(in_flight)]
        threads = [threading.Thread(target=self.repeat, args=(own, begin + self.seconds)) for own in lists]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - begin
        latencies = sorted(value for own in lists for value in own)

        def percentile(part):
            return latencies[min(len(latencies) - 1, int(len(latencies) * part))] * 1000 if latencies else 0

        return {'count': len(latencies), 'seconds': seconds, 'p50': percentile(0.5), 'p99': percentile(0.99),
                'failed': self.failed, 'failure': self.failure}


def transport(url):
    cfg.CONF([])
    # a thread for metrics, started even without metrics, would hold up our end for ten seconds
    cfg.CONF.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
    return oslo_messaging.get_rpc_transport(cfg.CONF, url=url)


def answer(commands):
    print(json.dumps({'ready': True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(commands(**json.loads(line))), flush=True)


def tree(size):
    disks = []
    value = {'disks': disks}
    while len(json.dumps(value, separators=(',', ':'))) <= size:
        number = len(disks)
        disks.append({'id': 'volume-%d' % number, 'bootable': number == 0, 'size': number + 1,
                      'path': '/dev/disk/by-id/"%d"' % number, 'serial': None})
    disks.pop()
    return value


def client(url):
    carrier = transport(url)
    one = oslo_messaging.get_rpc_client(carrier, oslo_messaging.Target(exchange='benchmark', topic='oslo'))
    every = oslo_messaging.get_rpc_client(
        carrier, oslo_messaging.Target(exchange='benchmark', topic='oslo-fanout', fanout=True))

    def call(argument):
        if one.call(CONTEXT, 'echo', value=argument) != argument:
            raise ValueError('another answer came back')

    acts = {'call': call, 'cast': lambda argument: one.cast(CONTEXT, 'keep', value=argument),
            'fanout': lambda argument: every.cast(CONTEXT, 'keep', value=argument)}

    def load(do, form, size, seconds, in_flight):
        argument = tree(size) if form == 'tree' else ('reseat-0123456789' * (size // 17 + 1))[:size]
        return Load(lambda: acts[do](argument), seconds).run(in_flight)

    answer(load)
    carrier.cleanup()


def server(url, servers):
    carrier = transport(url)
    tally = Tally()

    def serve(topic, name):
        target = oslo_messaging.Target(exchange='benchmark', topic=topic, server=name)
        running = oslo_messaging.get_rpc_server(carrier, target, [Endpoint(tally)], executor='threading')
        running.start()
        return running

    running = [serve('oslo', 'one')] + [serve('oslo-fanout', 'server-%d' % i) for i in range(servers)]

    def count(do, count=0, millis=0):
        if do == 'reset':
            tally.reset()
            return {}
        return {'count': tally.wait(count, millis / 1000)}

    answer(count)
    for one in running:
        one.stop()
    carrier.cleanup()


def agents(url):
    logging.disable(logging.CRITICAL)  # losing the broker is part of the plan
    carrier = transport(url)
    running = []

    def command(do, first=0, count=0):
        if do == 'start':
            for i in range(first, first + count):
                target = oslo_messaging.Target(exchange='benchmark', topic='agents', server='agent-%d' % i)
                running.append(oslo_messaging.get_rpc_server(
                    carrier, target, [Endpoint(Tally())], executor='threading'))
                running[-1].start()
            return {'agents': len(running)}
        return {'heap': 0, 'threads': threading.active_count()}

    answer(command)
    for one in running:
        one.stop()
    carrier.cleanup()


if __name__ == '__main__':
    logging.disable(logging.WARNING)
    if sys.argv[1] == 'client':
        client(sys.argv[3])
    elif sys.argv[1] == 'agents':
        agents(sys.argv[3])
    else:
        server(sys.argv[3], int(sys.argv[4]))
