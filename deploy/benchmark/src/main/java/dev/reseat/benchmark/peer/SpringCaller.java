package dev.reseat.benchmark.peer;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;

/** Spring AMQP's template with its JSON converter, direct reply-to (its default), and a channel cached for every caller. */
final class SpringCaller implements Caller {
    private final CachingConnectionFactory connections;
    private final RabbitTemplate template;

    SpringCaller(Broker broker) {
        connections = SpringServer.connections(broker);
        template = new RabbitTemplate(connections);
        template.setMessageConverter(new JacksonJsonMessageConverter(SpringServer.TRUSTED));
        template.setReplyTimeout(60_000);
    }

    @Override
    public Object call(Argument argument) {
        return template.convertSendAndReceive("", SpringServer.QUEUE, Echo.of(argument));
    }

    @Override
    public void cast(Argument argument) {
        template.convertAndSend("", SpringServer.CASTS, Echo.of(argument));
    }

    @Override
    public void fanout(Argument argument) {
        template.convertAndSend(SpringServer.FANOUT, "", Echo.of(argument));
    }

    @Override
    public void close() {
        template.stop();
        connections.destroy();
    }
}
