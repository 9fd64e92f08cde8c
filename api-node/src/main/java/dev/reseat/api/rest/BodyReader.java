package dev.reseat.api.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads one body, for no longer than the limits allow: who sends by drops does not keep a slot. */
public final class BodyReader {
    /** A body may begin slowly. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final InputStream in;
    private final int most;
    private final RequestLimits limits;
    private volatile int arrived;

    /** @param most bytes after which reading ends */
    public BodyReader(InputStream in, int most, RequestLimits limits) {
        this.in = in;
        this.most = most;
        this.limits = limits;
    }

    /**
     * @throws HttpFault 408 if it did not come in time
     * @throws IOException if the connection broke off
     */
    public byte[] read() throws IOException {
        FutureTask<byte[]> reading = new FutureTask<>(this::readAll);
        Thread.ofVirtual().start(reading);
        long begin = System.nanoTime();
        while (true) {
            long left = allowed().toNanos() - (System.nanoTime() - begin);
            if (left <= 0) {
                reading.cancel(true);
                throw new HttpFault(408, "The body of the request did not come in time.");
            }
            try {
                return reading.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // more may have come meanwhile, and with it more time
            } catch (ExecutionException failed) {
                throw new IOException(failed.getCause());
            } catch (InterruptedException stop) {
                reading.cancel(true);
                Thread.currentThread().interrupt();
                throw new HttpFault(503, "This server is being stopped.");
            }
        }
    }

    private Duration allowed() {
        Duration byRate = GRACE.plusMillis(arrived * 1000L / limits.bodyRate());
        return byRate.compareTo(limits.bodyTimeout()) < 0 ? byRate : limits.bodyTimeout();
    }

    private byte[] readAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (all.size() < most) {
            int count = in.read(buffer, 0, Math.min(buffer.length, most - all.size()));
            if (count < 0) {
                break;
            }
            all.write(buffer, 0, count);
            arrived = all.size();
        }
        return all.toByteArray();
    }
}
