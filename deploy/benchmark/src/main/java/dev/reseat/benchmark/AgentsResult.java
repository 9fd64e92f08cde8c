package dev.reseat.benchmark;

/**
 * What so many agents cost.
 *
 * @param startSeconds until all listened
 * @param pingSeconds until a call to each was answered, 64 at a time
 * @param brokerBytes resident memory of the broker
 * @param brokerOwnBytes what the broker itself says it uses
 * @param agentsBytes resident memory of all processes of agents
 * @param heapBytes of it the live heap, of JVMs
 * @param threads of all processes of agents
 * @param idleBroker part of one core the broker uses while nothing is asked, in percent
 * @param idleAgents the same of all agents together
 * @param downSeconds from SIGKILL of the broker until it took connections again
 * @param backSeconds from then until each agent had answered a call again
 */
record AgentsResult(
        Hosting hosting, int agents, double startSeconds, double pingSeconds, long connections, long queues,
        long brokerBytes, long brokerOwnBytes, long agentsBytes, long heapBytes, long threads, double idleBroker,
        double idleAgents, double downSeconds, double backSeconds) {}
