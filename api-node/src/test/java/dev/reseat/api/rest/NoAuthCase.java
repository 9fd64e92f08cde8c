package dev.reseat.api.rest;

import dev.reseat.testing.CloudFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** For tests of a node where everybody is an administrator: one for each class. */
public abstract class NoAuthCase {
    protected static RestFixture node;
    protected static CloudFixture cloud;
    protected static HttpCalls http;

    @BeforeAll
    protected static void open() {
        node = RestFixture.noauth();
        cloud = node.cloud;
        http = node.calls();
    }

    @AfterAll
    protected static void close() {
        http.close();
        node.close();
    }
}
