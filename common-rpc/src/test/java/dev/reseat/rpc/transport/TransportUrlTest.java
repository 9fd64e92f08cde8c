package dev.reseat.rpc.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reseat.rpc.transport.TransportUrl.Driver;
import dev.reseat.rpc.transport.TransportUrl.Host;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TransportUrlTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
            "rabbit://, localhost, 5672, guest, guest, /",
            "rabbit:///, localhost, 5672, guest, guest, /",
            "rabbit://h1, h1, 5672, guest, guest, /",
            "rabbit://u:p@h, h, 5672, u, p, /",
            "rabbit://u:p@h/, h, 5672, u, p, /",
            "rabbit://u:p@h//, h, 5672, u, p, /",
            "rabbit://u:p@h/vh, h, 5672, u, p, vh",
            "rabbit://u:p@h/vh%2Fx, h, 5672, u, p, vh/x",
            "rabbit://u:p@h/a/b, h, 5672, u, p, a/b",
            "rabbit://u@h, h, 5672, u, guest, /",
            "rabbit://:p@h, h, 5672, guest, p, /",
            "rabbit://u:a:b@h, h, 5672, u, a:b, /",
            "rabbit://u@d:p@h, h, 5672, u@d, p, /",
            "rabbit://u:p%40%3A%2Fx@h, h, 5672, u, p@:/x, /",
            "rabbit://u:a+b@h, h, 5672, u, a+b, /",
            "rabbit://u:100%@h, h, 5672, u, 100%, /",
            "rabbit://u:%zz@h, h, 5672, u, %zz, /",
            "rabbit://u:%C3%A9@h, h, 5672, u, é, /",
            "rabbit://[::1]:5673, ::1, 5673, guest, guest, /",
            "rabbit://[::1], ::1, 5672, guest, guest, /",
            "rabbit://u:p@[fe80::1]:5671/vh, fe80::1, 5671, u, p, vh",
            "rabbit://h:, h, 5672, guest, guest, /",
            "rabbit://h:1, h, 1, guest, guest, /",
            "kombu://u:p@h:5673/vh, h, 5673, u, p, vh",
            "RABBIT://h, h, 5672, guest, guest, /",
    })
    void oneHost(String url, String name, int port, String user, String password, String virtualHost) {
        TransportUrl parsed = TransportUrl.parse(url);
        assertEquals(Driver.RABBIT, parsed.driver());
        assertEquals(List.of(new Host(name, port, user, password)), parsed.hosts());
        assertEquals(virtualHost, parsed.virtualHost());
        assertEquals(Map.of(), parsed.options());
    }

    @Test
    void everyHostHasItsOwnAccount() {
        TransportUrl url = TransportUrl.parse("rabbit://u:p@h1,h2:5673,, u:p@h3/vh");
        assertEquals(
                List.of(
                        new Host("h1", 5672, "u", "p"),
                        new Host("h2", 5673, "guest", "guest"),
                        new Host("h3", 5672, " u", "p")),
                url.hosts());
        assertEquals("vh", url.virtualHost());
    }

    @Test
    void theQueryIsReadAsPythonDoes() {
        TransportUrl url = TransportUrl.parse("rabbit://h/?ssl=1&heartbeat_rate=5&name=a+b%26c&ssl=0&empty=&flag");
        assertEquals(Map.of("ssl", "1,0", "heartbeat_rate", "5", "name", "a b&c"), url.options());
    }

    @Test
    void theQueryMayFollowTheHosts() {
        TransportUrl url = TransportUrl.parse("rabbit://h?ssl=1");
        assertEquals("h", url.hosts().getFirst().name());
        assertEquals(Map.of("ssl", "1"), url.options());
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory://", "memory:///", "fake://", "fake://anything/at/all"})
    void theInProcessTransportNeedsNoHost(String url) {
        assertEquals(Driver.MEMORY, TransportUrl.parse(url).driver());
        assertEquals(List.of(), TransportUrl.parse(url).hosts());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
            "h1/vh, No scheme specified",
            "\"\", No scheme specified",
            "://h, No scheme specified",
            "rabbit:h, '//' is missing",
            "amqp://h, there is no driver 'amqp'",
            "rabbit://::1, host 1: the port",
            "rabbit://h:abc, host 1: the port",
            "rabbit://h:0, host 1: the port",
            "rabbit://h:65536, host 1: the port",
            "rabbit://h:-1, host 1: the port",
            "\"rabbit://h1,h2:abc\", host 2: the port",
            "rabbit://[::1, host 1: ']'",
            "rabbit://[::1]x, host 1: the port",
            "rabbit://u:se#cret@h, it contains '#'",
    })
    void whatCannotBeRead(String url, String why) {
        var failure = assertThrows(IllegalArgumentException.class, () -> TransportUrl.parse(url));
        assertEquals("transport_url: " + why, failure.getMessage().substring(0, 15 + why.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rabbit://u:se/cret@h", "rabbit://u:se?cret@h", "rabbit://u:se#cret@h"})
    void anErrorShowsNoPieceOfAPassword(String url) {
        var failure = assertThrows(IllegalArgumentException.class, () -> TransportUrl.parse(url));
        assertFalse(failure.getMessage().contains("se/"), failure.getMessage());
        assertFalse(failure.getMessage().contains("cret"), failure.getMessage());
        assertFalse(failure.getMessage().contains(":se"), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
            "\"rabbit://u:secret@h1,u2:secret@[::1]:5673/v%2Fh?ssl=1\", "
                    + "\"rabbit://u:***@h1:5672,u2:***@[::1]:5673/v%2Fh?ssl=1\"",
            "rabbit://, rabbit://guest:***@localhost:5672/",
            "fake://, memory:///",
    })
    void textMasksPasswords(String url, String text) {
        assertEquals(text, TransportUrl.parse(url).toString());
    }
}
