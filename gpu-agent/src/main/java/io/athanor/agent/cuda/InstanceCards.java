package io.athanor.agent.cuda;

import io.athanor.codec.Json;
import io.athanor.domain.attestation.CapacityWork;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Computes capacity tests on MIG instances. CUDA shows a process only the first of those that its environment names when it
 * starts, so each instance has a process of its own. It stays for a minute, so that a second test of the same inspection is
 * not held up by its start, and then goes: the memory is its owner's jobs'.
 */
public final class InstanceCards implements AutoCloseable {
    static final String VISIBLE = "CUDA_VISIBLE_DEVICES";
    private static final Duration WARM = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int MAX_ANSWER_BYTES = CapacityWork.CARD_LANES * Long.BYTES;

    private final String library;
    private final Map<String, Worker> workers = new HashMap<>();

    public InstanceCards(String library) {
        this.library = library;
    }

    /**
     * All lanes of a test, when this instance has computed them.
     *
     * @throws IllegalStateException where the driver refuses, as for an instance whose memory is in use
     */
    public byte[] compute(String uuid, CapacityWork work) throws InterruptedException {
        return worker(uuid).compute(work);
    }

    private synchronized Worker worker(String uuid) {
        return workers.computeIfAbsent(uuid, Worker::new);
    }

    /** How many processes there are now. */
    synchronized long processes() {
        return workers.values().stream().filter(Worker::isAlive).count();
    }

    @Override
    public synchronized void close() {
        workers.values().forEach(Worker::end);
        workers.clear();
    }

    /** What a process says: lanes, or why there are none. */
    private static final class Answer {
        private final boolean computed;
        private final byte[] bytes;

        Answer(boolean computed, byte[] bytes) {
            this.computed = computed;
            this.bytes = bytes;
        }
    }

    /** One instance and its process, while there is one. */
    private final class Worker {
        private final String uuid;
        private volatile @Nullable Process process;
        private @Nullable DataInputStream answers;
        private long uses;

        Worker(String uuid) {
            this.uuid = uuid;
        }

        boolean isAlive() {
            Process now = process;
            return now != null && now.isAlive();
        }

        synchronized byte[] compute(CapacityWork work) throws InterruptedException {
            FutureTask<Answer> test = new FutureTask<>(() -> asked(work));
            Thread.ofPlatform().name("capacity-" + uuid).daemon().start(test);
            try {
                return lanes(test.get(LONGEST.toSeconds(), TimeUnit.SECONDS));
            } catch (ExecutionException | TimeoutException failed) {
                end();
                throw new IllegalStateException("GPU " + uuid + ": " + failed, failed);
            } catch (InterruptedException stopping) {
                end();
                throw stopping;
            } finally {
                endLater(++uses);
            }
        }

        private byte[] lanes(Answer answer) {
            if (!answer.computed) {
                throw new IllegalStateException(
                        "GPU " + uuid + ": " + new String(answer.bytes, StandardCharsets.UTF_8));
            }
            return answer.bytes;
        }

        private Answer asked(CapacityWork work) throws IOException {
            Process running = running();
            OutputStream questions = running.getOutputStream();
            questions.write((Json.text(work) + "\n").getBytes(StandardCharsets.UTF_8));
            questions.flush();
            DataInputStream said = answers;
            if (said == null) {
                throw new IOException("its process ended");
            }
            boolean computed = said.readBoolean();
            int length = said.readInt();
            if (length < 0 || length > MAX_ANSWER_BYTES) {
                throw new IOException("its process says " + length + " bytes");
            }
            byte[] bytes = new byte[length];
            said.readFully(bytes);
            return new Answer(computed, bytes);
        }

        private Process running() throws IOException {
            Process known = process;
            if (known != null && known.isAlive()) {
                return known;
            }
            Process started = start();
            answers = new DataInputStream(new BufferedInputStream(started.getInputStream()));
            process = started;
            return started;
        }

        /** With this agent's own Java and classes. */
        private Process start() throws IOException {
            ProcessBuilder java = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    InstanceProcess.class.getName(),
                    library);
            java.environment().put(VISIBLE, uuid);
            return java.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        }

        private void endLater(long use) {
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(WARM);
                    endUnused(use);
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        private synchronized void endUnused(long use) {
            if (use == uses) {
                end();
            }
        }

        void end() {
            Process known = process;
            if (known != null) {
                known.destroyForcibly();
            }
        }
    }
}
