package io.athanor.agent.cuda;

import io.athanor.codec.Json;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.hash.Hex;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The process that CUDA shows one MIG instance to: a capacity test as one line of JSON comes in, its lanes or why there are
 * none go out as one line. Ends with its input.
 *
 * <p>Arguments: the driver's library.
 */
public final class InstanceProcess {
    static final String ANSWER = "answer ";
    static final String REFUSAL = "refused ";

    private InstanceProcess() {}

    /** Works until nobody asks any more. */
    public static void main(String[] arguments) throws IOException {
        CudaDriver driver = null;
        CudaCard card = null;
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                driver = driver == null ? new CudaDriver(arguments[0]) : driver;
                card = card == null ? new CudaCard(driver, driver.only()) : card;
                CapacityWork work = Json.read(line, CapacityWork.class);
                out.println(ANSWER + Hex.encode(CapacityWork.bytes(card.lanes(work))));
            } catch (IllegalStateException | IllegalArgumentException refused) {
                out.println(REFUSAL + String.valueOf(refused.getMessage()).replace('\n', ' '));
            }
        }
    }
}
