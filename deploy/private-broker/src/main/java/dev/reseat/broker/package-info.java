/**
 * Runs a RabbitMQ node of our own, for the demonstration, the tests and the benchmark: needs an installed
 * rabbitmq-server, no service and no root. Talks to the node as a process only, knows no AMQP and nothing of the
 * product.
 */
package dev.reseat.broker;
