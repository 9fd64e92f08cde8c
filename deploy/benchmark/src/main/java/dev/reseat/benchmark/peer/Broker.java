package dev.reseat.benchmark.peer;

import com.rabbitmq.client.ConnectionFactory;

/**
 * Where the broker is, and how many servers take part in a fanout.
 *
 * @param transportUrl in oslo.messaging's form, of a broker on this machine
 */
record Broker(String transportUrl, int servers) {
    /** The client library's own defaults, as whoever uses it directly gets them. */
    ConnectionFactory factory() {
        var factory = new ConnectionFactory();
        String[] hostAndPort = transportUrl.replaceFirst(".*@", "").replace("/", "").split(":", 2);
        factory.setHost(hostAndPort[0]);
        factory.setPort(Integer.parseInt(hostAndPort[1]));
        return factory;
    }
}
