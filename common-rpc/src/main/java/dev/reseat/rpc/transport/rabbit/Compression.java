package dev.reseat.rpc.transport.rabbit;

import dev.reseat.rpc.transport.Outgoing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/**
 * How a body is compressed, under the names and content types of kombu. Those that need a library which is not on the
 * class path are not available: a user of gzip, or of none, does not have to carry them.
 */
public enum Compression {
    /** A zlib stream, whatever its names say. */
    GZIP("application/x-gzip", "java.util.zip.Deflater", "of the JDK"),
    BZIP2("application/x-bz2", "org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream",
            "org.apache.commons:commons-compress"),
    XZ("application/x-lzma", "org.tukaani.xz.XZInputStream", "org.tukaani:xz");

    /** The header that says so; kombu's receivers look for nothing else. */
    static final String HEADER = "compression";

    /** Upstream documents bz2, which kombu does not know. */
    private static final Map<String, Compression> NAMES = Map.of(
            "gzip", GZIP, "zlib", GZIP, "bz2", BZIP2, "bzip2", BZIP2, "bzip", BZIP2, "lzma", XZ, "xz", XZ);

    private final String contentType;
    private final String needed;
    private final String library;

    Compression(String contentType, String needed, String library) {
        this.contentType = contentType;
        this.needed = needed;
        this.library = library;
    }

    /**
     * The value of {@code kombu_compression} or of the header of a message.
     *
     * @throws IllegalArgumentException if there is none of this name, or its library is missing
     */
    static Compression named(String name) {
        Compression found = Arrays.stream(values())
                .filter(one -> one.contentType.equals(name))
                .findFirst()
                .or(() -> Optional.ofNullable(NAMES.get(name)))
                .orElseThrow(() -> new IllegalArgumentException(
                        "must be one of " + String.join(", ", new TreeSet<>(NAMES.keySet()))));
        if (!found.isAvailable()) {
            throw new IllegalArgumentException("needs the library " + found.library);
        }
        return found;
    }

    private boolean isAvailable() {
        try {
            Class.forName(needed, false, Compression.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The message as kombu sends it. */
    Outgoing compressed(Outgoing message) {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream compressing = writer(bytes)) {
            compressing.write(message.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        return message.encoded(bytes.toByteArray(), HEADER, contentType);
    }

    /**
     * @param largest more is not read: a small message can become a very large one
     * @throws IOException if it is not what it says, or larger
     */
    byte[] decompressed(byte[] body, int largest) throws IOException {
        try (InputStream plain = reader(new ByteArrayInputStream(body))) {
            byte[] read = plain.readNBytes(largest + 1);
            if (read.length > largest) {
                throw new IOException("larger than " + largest + " bytes when decompressed");
            }
            return read;
        } catch (RuntimeException e) {
            throw new IOException("not " + contentType, e); // libraries do not expect everything
        }
    }

    private OutputStream writer(OutputStream to) throws IOException {
        return switch (this) {
            case GZIP -> new DeflaterOutputStream(to);
            case BZIP2 -> Bzip2.writer(to);
            case XZ -> Xz.writer(to);
        };
    }

    private InputStream reader(InputStream from) throws IOException {
        return switch (this) {
            case GZIP -> new InflaterInputStream(from);
            case BZIP2 -> Bzip2.reader(from);
            case XZ -> Xz.reader(from);
        };
    }

    static Optional<String> header(Map<String, Object> headers) {
        return Optional.ofNullable(headers).map(all -> all.get(HEADER)).map(Object::toString);
    }

    /** A class of its own, loaded when needed: the library may be missing. */
    private static final class Bzip2 {
        static OutputStream writer(OutputStream to) throws IOException {
            return new BZip2CompressorOutputStream(to);
        }

        static InputStream reader(InputStream from) throws IOException {
            return new BZip2CompressorInputStream(from, true);
        }
    }

    /** As {@link Bzip2}. */
    private static final class Xz {
        private static final int MEMORY_KIB = 128 * 1024;

        static OutputStream writer(OutputStream to) throws IOException {
            return new XZOutputStream(to, new LZMA2Options());
        }

        static InputStream reader(InputStream from) throws IOException {
            return new XZInputStream(from, MEMORY_KIB);
        }
    }
}
