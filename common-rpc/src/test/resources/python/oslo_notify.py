"""The real oslo.messaging as notifier and notification listener.

oslo_notify.py URL EXCHANGE TOPIC send DRIVER   one notification each at info and error, then ends
oslo_notify.py URL EXCHANGE TOPIC listen POOL   prints what it receives at info and error as JSON until stdin ends;
                                                POOL - is none; the event type 'again' is requeued once
oslo_notify.py URL EXCHANGE TOPIC batch SIZE    the same in batches of SIZE or what comes in 2 seconds; prints the event
                                                types of each batch; the first with 'again' is requeued
oslo_notify.py URL EXCHANGE TOPIC route DRIVER  sends by the driver 'routing' to DRIVER, then one by messagingv2
"""
import json
import logging
import sys
import tempfile

from oslo_config import cfg
import oslo_messaging


class Context:
    """A request context as services have it: later versions send nothing of a dict."""

    def __init__(self, **values):
        self.values = values

    def to_dict(self):
        return self.values

    @classmethod
    def from_dict(cls, values):
        return cls(**values)

    def redacted_copy(self):
        return Context(**{key: value for key, value in self.values.items() if key != 'auth_token'})


class ContextSerializer(oslo_messaging.NoOpSerializer):
    def serialize_context(self, ctxt):
        return ctxt.to_dict()


class Endpoint:
    filter_rule = oslo_messaging.NotificationFilter(publisher_id='^volume\\.')

    def __init__(self):
        self.requeued = False

    def info(self, ctxt, publisher_id, event_type, payload, metadata):
        return self.seen('info', ctxt, publisher_id, event_type, payload, metadata)

    def error(self, ctxt, publisher_id, event_type, payload, metadata):
        return self.seen('error', ctxt, publisher_id, event_type, payload, metadata)

    def seen(self, priority, ctxt, publisher_id, event_type, payload, metadata):
        if event_type == 'again' and not self.requeued:
            self.requeued = True
            return oslo_messaging.NotificationResult.REQUEUE
        print(json.dumps({'priority': priority, 'context': ctxt, 'publisher_id': publisher_id,
                          'event_type': event_type, 'payload': payload, 'metadata': metadata}), flush=True)


class BatchEndpoint:
    filter_rule = oslo_messaging.NotificationFilter(publisher_id='^volume\\.')

    def __init__(self):
        self.requeued = False

    def info(self, messages):
        return self.seen(messages)

    def error(self, messages):
        return self.seen(messages)

    def seen(self, messages):
        events = [message['event_type'] for message in messages]
        print(json.dumps(events), flush=True)
        if 'again' in events and not self.requeued:
            self.requeued = True
            return oslo_messaging.NotificationResult.REQUEUE


def listen(listener):
    listener.start()
    print('ready', flush=True)
    sys.stdin.read()
    listener.stop()
    listener.wait()


def route(transport, topic, driver):
    logging.disable(logging.CRITICAL)
    notifier = oslo_messaging.Notifier(transport, 'volume.host-1', driver='routing', topics=[topic])
    with tempfile.NamedTemporaryFile('w', suffix='.yaml') as groups:
        json.dump({'group': {driver: {'accepted_events': ['*']}}}, groups)
        groups.flush()
        cfg.CONF.set_override('routing_config', groups.name, 'oslo_messaging_notifications')
        notifier.info({}, 'routed', {})
    oslo_messaging.Notifier(transport, 'volume.host-1', driver='messagingv2', topics=[topic]).info({}, 'sent', {})


def main(url, exchange, topic, what, how):
    cfg.CONF([])
    # a thread for metrics, started even without metrics, would hold up our end for ten seconds
    cfg.CONF.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
    oslo_messaging.set_transport_defaults(exchange)
    transport = oslo_messaging.get_notification_transport(cfg.CONF, url=url)
    if what == 'send':
        notifier = oslo_messaging.Notifier(
            transport, 'volume.host-1', driver=how, topics=[topic], serializer=ContextSerializer())
        context = Context(user_id='u1', project_id='p1', request_id='req-1', auth_token='secret')
        notifier.info(context, 'volume.attach.start', {'volume_id': 'v1', 'size': 1, 'name': 'é'})
        notifier.error(context, 'volume.attach.error', {'volume_id': 'v2'})
        transport.cleanup()
    elif what == 'route':
        route(transport, topic, how)
        transport.cleanup()
    else:
        targets = [oslo_messaging.Target(exchange=exchange, topic=topic)]
        if what == 'batch':
            listen(oslo_messaging.get_batch_notification_listener(
                transport, targets, [BatchEndpoint()], executor='threading', allow_requeue=True,
                batch_size=int(how), batch_timeout=2))
        else:
            listen(oslo_messaging.get_notification_listener(
                transport, targets, [Endpoint()], executor='threading', allow_requeue=True,
                pool=None if how == '-' else how))


if __name__ == '__main__':
    main(*sys.argv[1:])
