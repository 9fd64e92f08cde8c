"""Records what the real oslo.messaging puts on the wire: python3 - URL FOLDER <record_messages.py

URL is a transport_url of a broker that nobody else uses; FOLDER gets one file per message, its body as it was published.
Run it again when a kind of message is added; the ids in the files change then, which the tests know. Read from standard
input, because tracebacks name the file.
"""
import json
import pathlib
import sys
import threading
import time
import types

import kombu
from oslo_config import cfg
import oslo_messaging
from oslo_messaging.notify import notifier

EXCHANGE = 'golden'
TOPIC = 'golden-topic'
SERVED = 'golden-served'
REPLIES = 'golden-replies'
CONTEXT = {'user_id': 'u1', 'project_id': 'p1', 'is_admin': True, 'roles': ['admin', 'r\u00f4le'], 'auth_token': None,
           'request_id': 'req-00000000-0000-4000-8000-000000000001', 'service_catalog': [{'type': 'volumev3'}]}
VALUES = {'text': '\u017dlu\u0165ou\u010dk\u00fd \u97f3\u91cf \U0001f418 "quoted" \\ / \n\r\t\b\f\u0000\u001f\u007f\u2028',
          'numbers': [0, -1, 2 ** 31, 2 ** 53 + 1, -2 ** 63, 2 ** 200, 0.1, -2.5, 1e16, 1e300, 5e-324, -0.0],
          'nothing': None, 'truths': [True, False], 'empty': [{}, [], ''], 'a.b': {'': {'deep': [[[[1]]]]}},
          'half a pair': '\ud83d'}
NOT_FINITE = [float('nan'), float('inf'), float('-inf')]


def module(name, *classes):
    made = types.ModuleType(name)
    for each in classes:
        each.__module__ = name
        setattr(made, each.__name__, each)
    sys.modules[name] = made


class VolumeNotFound(Exception):
    """Built as Cinder's exceptions are: from keyword arguments."""
    def __init__(self, message=None, **kwargs):
        self.kwargs = dict(kwargs, code=404)
        super().__init__(message or 'Volume %(volume_id)s could not be found.' % kwargs)


class VolumeNotFound_Remote(VolumeNotFound):
    """What a client of Cinder gets, and may let through."""


module('cinder.exception', VolumeNotFound)
module('cinder.exception_Remote', VolumeNotFound_Remote)


class Endpoint:
    target = oslo_messaging.Target(version='1.5')

    def echo(self, context, value):
        return value

    def not_finite(self, context):
        return NOT_FINITE

    def rest(self, context):
        time.sleep(1.5)

    def fail(self, context, kind):
        raise {'value': lambda: ValueError('no volume \u017e\n"x"'), 'empty': lambda: RuntimeError(),
               'key': lambda: KeyError('volume_id'), 'several': lambda: OSError(2, 'No such file', '/dev/vol'),
               'cinder': lambda: VolumeNotFound(volume_id='v1'),
               'remote': lambda: VolumeNotFound_Remote(volume_id='v1')}[kind]()

    @oslo_messaging.expected_exceptions(VolumeNotFound)
    def expected(self, context):
        raise VolumeNotFound(volume_id='v1')


class Tap:
    """Reads queues below oslo.messaging, byte by byte."""
    def __init__(self, url, folder):
        self.folder = pathlib.Path(folder)
        self.connection = kombu.Connection(url.replace('rabbit://', 'amqp://'))
        self.channel = self.connection.channel()

    def queue(self, name, exchange=None, kind='topic', key='', auto_delete=False):
        if exchange:
            self.channel.exchange_declare(exchange, kind, durable=False, auto_delete=auto_delete)
        self.channel.queue_declare(name, auto_delete=False)
        if exchange:
            self.channel.queue_bind(name, exchange, key)

    def keep(self, queue, name):
        for _ in range(600):
            message = self.channel.basic_get(queue, no_ack=True)
            if message:
                body = message.body if isinstance(message.body, bytes) else message.body.encode()
                (self.folder / (name + '.json')).write_bytes(body)
                print(name, len(body))
                return
            time.sleep(0.05)
        raise AssertionError('nothing came for ' + name)

    def send(self, key, inner):
        body = json.dumps({'oslo.version': '2.0', 'oslo.message': json.dumps(inner)}).encode()
        message = self.channel.prepare_message(body, content_type='application/json', content_encoding='utf-8')
        self.channel.basic_publish(message, EXCHANGE, key)


def requests(tap, transport):
    tap.queue('golden-seen', EXCHANGE, key='%s.#' % TOPIC)
    tap.queue('golden-fanout', TOPIC + '_fanout', 'fanout', auto_delete=True)

    def client(version='6.3', namespace=None, **terms):
        target = oslo_messaging.Target(
            exchange=EXCHANGE, topic=TOPIC, server='host-a', version=version, namespace=namespace)
        return oslo_messaging.RPCClient(transport, target, timeout=1, **terms)

    def unanswered(calling, *words, **args):
        try:
            calling.call(*words, **args)
        except oslo_messaging.MessagingTimeout:
            pass

    def call(name, *words, **args):
        waiting = threading.Thread(target=unanswered, args=words, kwargs=args)
        waiting.start()  # the message is gone when its caller gives up
        tap.keep('golden-seen', name)
        waiting.join()

    call('call', client(), CONTEXT, 'echo', value=VALUES)
    call('call-monitored', client(call_monitor_timeout=60), CONTEXT, 'echo', value=NOT_FINITE)
    call('call-namespace', client('3.20', 'volume'), {}, 'get_all')
    client().cast(CONTEXT, 'keep', text='caf\u00e9', empty='')
    tap.keep('golden-seen', 'cast')
    client('1.0', 'reseat').prepare(server=None).cast({}, 'keep', text='to any')
    tap.keep('golden-seen', 'cast-namespace')
    client().prepare(fanout=True).cast(CONTEXT, 'keep', text='to all')
    tap.keep('golden-fanout', 'fanout')


def replies(tap, transport):
    tap.queue(REPLIES)
    target = oslo_messaging.Target(exchange=EXCHANGE, topic=SERVED, server='host-a')
    server = oslo_messaging.get_rpc_server(transport, target, [Endpoint()], executor='threading')
    server.start()

    def reply(name, method, args=None, **keys):
        inner = dict({'method': method, 'args': args or {}, 'version': '1.0', '_msg_id': 'f' * 32,
                      '_reply_q': REPLIES, '_timeout': None}, **keys)
        tap.send(SERVED + '.host-a', inner)
        tap.keep(REPLIES, name)

    reply('result', 'echo', {'value': VALUES})
    reply('result-null', 'echo', {'value': None})
    reply('result-text', 'echo', {'value': '\u97f3'})
    reply('result-not-finite', 'not_finite')
    for kind in ('value', 'empty', 'key', 'several', 'cinder', 'remote'):
        reply('failure-' + kind, 'fail', {'kind': kind})
    reply('failure-expected', 'expected')
    reply('failure-arguments', 'echo', {'other': 1})
    reply('failure-method', 'nosuch')
    reply('failure-version', 'echo', {'value': 1}, version='1.6')
    reply('heartbeat', 'rest', _timeout=2)
    tap.keep(REPLIES, 'result-after-heartbeat')
    server.stop()
    server.wait()


def notifications(tap, url):
    for driver, name in (('messagingv2', 'notification-v2'), ('messaging', 'notification-v1')):
        transport = oslo_messaging.get_notification_transport(cfg.CONF, url=url)
        made = notifier.Notifier(transport, 'volume.host-1', driver=driver, topics=['golden'])
        made.info(CONTEXT, 'volume.reset_status.start', {'volume_id': 'v1', 'size': 1, 'display_name': 'caf\u00e9',
                                                         'metadata': [{'key': 'k', 'value': None}]})
        tap.queue('golden.info')
        tap.keep('golden.info', name)
        transport.cleanup()


def main(url, folder):
    cfg.CONF([])
    oslo_messaging.set_transport_defaults(EXCHANGE)
    # a thread for metrics, started even without metrics, would hold up our end for ten seconds
    cfg.CONF.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
    tap = Tap(url, folder)
    transport = oslo_messaging.get_rpc_transport(cfg.CONF, url=url, allowed_remote_exmods=['cinder.exception'])
    requests(tap, transport)
    replies(tap, transport)
    transport.cleanup()
    notifications(tap, url)


if __name__ == '__main__':
    main(*sys.argv[1:])
