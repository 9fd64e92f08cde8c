"""What the real oslo.messaging declares under an option: oslo_declare.py URL

Each line of stdin is {"topic": ..., "options": {...}}: an RPC server, a client that has called it and a notifier are made with
these options and stay, until stdin ends. Answered by {"reply": name of the reply queue} or {"unknown": [options]}.
"""
import json
import logging
import os
import sys
import tempfile
import threading
from urllib import parse

from oslo_config import cfg
import oslo_messaging
from oslo_messaging._drivers import amqp
from oslo_messaging._drivers import impl_rabbit

# as misspelt in some versions
FORMER = {'rabbit_quorum_max_memory_length': 'rabbit_quroum_max_memory_length',
          'rabbit_quorum_max_memory_bytes': 'rabbit_quroum_max_memory_bytes'}


class Endpoint:
    target = oslo_messaging.Target(version='1.0')

    def note(self, context):
        return 'noted'


def known():
    names = {option.name for option in impl_rabbit.rabbit_opts}
    return names | {option.name for option in getattr(amqp, 'amqp_opts', [])}


def refused(name, value):
    """Whether this version has no such value."""
    option = next((o for o in impl_rabbit.rabbit_opts + amqp.amqp_opts if o.name == name), None)
    try:
        option.type(value)
    except ValueError:
        return True
    return False


def declare(url, topic, options):
    names = known()
    options = {name if name in names else FORMER.get(name, name): value for name, value in options.items()}
    unknown = [name for name, value in options.items() if name not in names or refused(name, value)]
    if unknown:
        return {'unknown': unknown}
    oslo_messaging.set_transport_defaults(topic + '_notifications')
    full = url + '?' + parse.urlencode(options)
    transport = oslo_messaging.get_rpc_transport(cfg.CONF, url=full)
    target = oslo_messaging.Target(exchange=topic + '_exchange', topic=topic, server='host-a')
    server = oslo_messaging.get_rpc_server(transport, target, [Endpoint()], executor='threading')
    server.start()
    client = oslo_messaging.RPCClient(transport, oslo_messaging.Target(exchange=topic + '_exchange', topic=topic))
    client.call({}, 'note')
    client.prepare(fanout=True).cast({}, 'note')
    notifications = oslo_messaging.get_notification_transport(cfg.CONF, url=full)
    oslo_messaging.Notifier(
        notifications, 'publisher', driver='messagingv2', topics=[topic + '_topic']).info({}, 'event', {})
    OPEN.append((server, transport, notifications))
    return {'reply': transport._driver._reply_q}


OPEN = []


def main(url):
    logging.disable(logging.CRITICAL)
    cfg.CONF([])
    # a thread for metrics, started even without metrics, would hold up our end for ten seconds
    cfg.CONF.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
    if 'use_queue_manager' in known():
        from oslo_concurrency import lockutils
        lockutils.set_defaults(tempfile.mkdtemp())
    for line in sys.stdin:
        print(json.dumps(declare(url, **json.loads(line))), flush=True)
    ends = [threading.Thread(target=close, args=opened) for opened in OPEN]
    for end in ends:
        end.start()
    for end in ends:
        end.join()
    os._exit(0)


def close(server, transport, notifications):
    server.stop()
    server.wait()
    transport.cleanup()
    notifications.cleanup()


if __name__ == '__main__':
    main(*sys.argv[1:])
