/**
 * Messages over RabbitMQ, with the queues, flags and properties oslo.messaging uses, so that Python peers cannot tell
 * the difference. Only {@link dev.reseat.rpc.transport.rabbit.RabbitTransport} and its settings are for other rooms.
 */
package dev.reseat.rpc.transport.rabbit;
