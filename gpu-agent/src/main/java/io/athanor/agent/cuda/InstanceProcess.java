package io.athanor.agent.cuda;

import io.athanor.codec.Json;
import io.athanor.domain.attestation.CapacityWork;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The process that CUDA shows one MIG instance to: a capacity test as one line of JSON comes in; out go whether it was computed,
 * a length, and so many bytes: its lanes, or in words why there are none. Ends with its input.
 *
 * <p>Arguments: the driver's library.
 */
public final class InstanceProcess {
    private InstanceProcess() {}

    /** Works until nobody asks any more. */
    public static void main(String[] arguments) throws IOException {
        CudaDriver driver = null;
        CudaCard card = null;
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                driver = driver == null ? new CudaDriver(arguments[0]) : driver;
                card = card == null ? new CudaCard(driver, driver.only()) : card;
                CapacityWork work = Json.read(line, CapacityWork.class);
                say(out, true, CapacityWork.bytes(card.lanes(work)));
            } catch (IllegalStateException | IllegalArgumentException refused) {
                say(out, false, String.valueOf(refused.getMessage()).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void say(DataOutputStream out, boolean computed, byte[] bytes) throws IOException {
        out.writeBoolean(computed);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }
}
