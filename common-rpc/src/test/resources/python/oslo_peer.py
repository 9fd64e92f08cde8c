"""The real oslo.messaging as a peer, for comparing what it does with what the Java transport does.

oslo_peer.py URL EXCHANGE TOPIC send      one cast, one fanout cast and one call that nobody answers, then ends
oslo_peer.py URL EXCHANGE TOPIC serve     an RPC server called host-a; prints what it receives until stdin ends
"""
import sys

from oslo_config import cfg
import oslo_messaging


class Endpoint:
    target = oslo_messaging.Target(version='1.0')

    def note(self, context, text):
        print('note ' + text, flush=True)


def main(url, exchange, topic, what):
    cfg.CONF([])
    # a thread for metrics, started even without metrics, would hold up our end for ten seconds
    cfg.CONF.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
    transport = oslo_messaging.get_rpc_transport(cfg.CONF, url=url)
    if what == 'send':
        send(transport, oslo_messaging.Target(exchange=exchange, topic=topic))
    else:
        serve(transport, oslo_messaging.Target(exchange=exchange, topic=topic, server='host-a'))


def send(transport, target):
    client = oslo_messaging.RPCClient(transport, target)
    client.prepare(server='host-a').cast({}, 'note', text='cast')
    client.prepare(fanout=True).cast({}, 'note', text='fanout')
    try:
        client.prepare(server='host-a', timeout=1).call({}, 'note', text='call')
    except oslo_messaging.MessagingTimeout:
        pass
    transport.cleanup()


def serve(transport, target):
    server = oslo_messaging.get_rpc_server(transport, target, [Endpoint()], executor='threading')
    server.start()
    print('ready', flush=True)
    sys.stdin.read()
    server.stop()
    server.wait()


if __name__ == '__main__':
    main(*sys.argv[1:])
