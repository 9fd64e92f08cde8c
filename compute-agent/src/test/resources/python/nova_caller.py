"""The real oslo.messaging as Nova's caller of a compute agent.

nova_caller.py URL EXCHANGE CALLS     CALLS is a JSON file: a list of {topic, server, namespace, version, method, args}

Prints one JSON object for each call: {"result": ...}, or {"failure": class, "message": text}.
"""
import json
import sys

from oslo_config import cfg
import oslo_messaging


def answer(client, call):
    prepared = client.prepare(
        topic=call['topic'], server=call['server'], namespace=call.get('namespace'), version=call['version'])
    try:
        return {'result': prepared.call({'request_id': 'req-python', 'is_admin': True}, call['method'], **call['args'])}
    except oslo_messaging.RemoteError as error:
        return {'failure': error.exc_type, 'message': str(error.value)}
    except Exception as error:
        return {'failure': type(error).__name__, 'message': str(error)}


def main(url, exchange, calls):
    cfg.CONF([])
    # a thread for metrics, started even without metrics, would hold up our end for ten seconds
    cfg.CONF.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
    transport = oslo_messaging.get_rpc_transport(cfg.CONF, url=url)
    client = oslo_messaging.get_rpc_client(
        transport, oslo_messaging.Target(exchange=exchange, topic='compute'), timeout=20)
    with open(calls) as file:
        for call in json.load(file):
            print(json.dumps(answer(client, call)), flush=True)
    transport.cleanup()


if __name__ == '__main__':
    main(*sys.argv[1:])
