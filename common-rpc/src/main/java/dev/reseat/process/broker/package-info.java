/**
 * Runs a RabbitMQ node of our own, for the demonstration and for tests: needs an installed rabbitmq-server, no service and
 * no root. Talks to the node as a process only; AMQP belongs in {@code rpc.transport.rabbit}.
 */
package dev.reseat.process.broker;
