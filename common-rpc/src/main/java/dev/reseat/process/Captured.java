package dev.reseat.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Reads a stream to its end on a thread of its own, so that its writer never waits, and keeps the beginning. Not a
 * virtual one: who waits at a pipe keeps its carrier. The JDK makes another for that, which it gives up after 30 idle
 * seconds, and then makes no more: programs that hang, one for each processor, would stop every virtual thread.
 */
final class Captured {
    private static final int LAST_WORDS_SECONDS = 2;

    private final int most;
    private final CountDownLatch end = new CountDownLatch(1);
    // guarded by kept
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private Optional<IOException> loss = Optional.empty();

    Captured(InputStream stream, int most) {
        this.most = most;
        Thread.ofPlatform().daemon().name("output of a program").start(() -> read(stream));
    }

    /**
     * All of it, once its writer has ended. Whoever else holds the stream open is not waited for.
     *
     * @throws IOException if there was more than is kept, or the stream failed
     */
    String whole() throws IOException, InterruptedException {
        String text = beginning();
        synchronized (kept) {
            if (loss.isPresent()) {
                throw loss.get();
            }
        }
        return text;
    }

    /** What is kept of it, once its writer has ended. */
    String beginning() throws InterruptedException {
        boolean _ = end.await(LAST_WORDS_SECONDS, SECONDS);
        synchronized (kept) {
            return kept.toString(UTF_8);
        }
    }

    private void read(InputStream stream) {
        byte[] buffer = new byte[8192];
        try (stream) {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                keep(buffer, count);
            }
        } catch (IOException failure) {
            lose(failure);
        } finally {
            end.countDown();
        }
    }

    private void keep(byte[] buffer, int count) {
        synchronized (kept) {
            int room = most - kept.size();
            kept.write(buffer, 0, Math.min(count, room));
            if (count > room) {
                lose(new IOException("longer than " + most + " bytes"));
            }
        }
    }

    private void lose(IOException failure) {
        synchronized (kept) {
            loss = loss.or(() -> Optional.of(failure));
        }
    }
}
