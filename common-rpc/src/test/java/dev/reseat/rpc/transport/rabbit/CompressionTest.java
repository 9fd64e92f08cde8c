package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import dev.reseat.rpc.transport.Outgoing;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompressionTest {
    private static AMQP.BasicProperties json(String compression) {
        return new AMQP.BasicProperties.Builder().contentType("application/json")
                .headers(Map.of("compression", compression))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCompressedCanBeRead(Compression compression) throws IOException {
        byte[] body = "{\"a\": 1}".repeat(1_000).getBytes(UTF_8);
        var message = Outgoing.of(body).asMandatory().expiringAfter(Duration.ofSeconds(1));
        Outgoing compressed = compression.compressed(message);
        assertThat(compressed.body()).hasSizeLessThan(200);
        assertThat(compressed.mandatory()).isTrue();
        assertThat(compressed.expiration()).contains(Duration.ofSeconds(1));
        assertThat(compressed.headers()).containsOnlyKeys("compression");
        assertThat(MessageBody.read(json(compressed.headers().get("compression")), compressed.body()))
                .isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({"gzip, GZIP", "zlib, GZIP", "application/x-gzip, GZIP", "bz2, BZIP2", "bzip2, BZIP2", "bzip, BZIP2",
            "application/x-bz2, BZIP2", "xz, XZ", "lzma, XZ", "application/x-lzma, XZ"})
    void namesAreThoseOfKombu(String name, Compression compression) {
        assertThat(Compression.named(name)).isEqualTo(compression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "application/zstd", "brotli", "application/x-brotli", "GZIP", "none", ""})
    void othersAreRefused(String name) {
        assertThatThrownBy(() -> MessageBody.read(json(name), new byte[0])).isInstanceOf(IOException.class)
                .hasMessageContaining("must be one of bz2");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotCompressedIsRefused(Compression compression) {
        assertThatThrownBy(() -> compression.decompressed("{\"a\": 1}".getBytes(UTF_8), 100))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource
    void whatBecomesTooLargeIsRefused(Compression compression) {
        byte[] bomb = compression.compressed(Outgoing.of(new byte[1_000_000])).body();
        assertThatThrownBy(() -> compression.decompressed(bomb, 999_999)).isInstanceOf(IOException.class)
                .hasMessageContaining("larger than 999999");
    }

    @Test
    void withoutItsLibraryACompressionIsNotAvailableAndTheOthersAre() throws Exception {
        Class<?> bare = new WithoutLibraries().loadClass(Compression.class.getName());
        var named = bare.getDeclaredMethod("named", String.class);
        named.setAccessible(true);
        assertThat(named.invoke(null, "gzip")).hasToString("GZIP");
        assertThatThrownBy(() -> named.invoke(null, "bzip2")).isInstanceOf(InvocationTargetException.class)
                .hasRootCauseMessage("needs the library org.apache.commons:commons-compress");
        assertThatThrownBy(() -> named.invoke(null, "xz")).isInstanceOf(InvocationTargetException.class)
                .hasRootCauseMessage("needs the library org.tukaani:xz");
    }

    /** Defines our class anew, where the libraries are not to be found. */
    private static final class WithoutLibraries extends ClassLoader {
        private final Map<String, Class<?>> own = new HashMap<>();

        WithoutLibraries() {
            super(CompressionTest.class.getClassLoader());
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            if (name.startsWith("org.apache.commons.") || name.startsWith("org.tukaani.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith(Compression.class.getName())) {
                return super.loadClass(name);
            }
            if (!own.containsKey(name)) {
                own.put(name, define(name));
            }
            return own.get(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream source = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = source.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
