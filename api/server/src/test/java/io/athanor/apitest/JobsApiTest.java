package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.api.command.SubmitJob;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.JobSpec.GpuDemand;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.view.JobView;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ordering jobs over HTTP: each refusal beside the command that passes. */
@Tag("postgres")
class JobsApiTest {
    private static final Ath PRICE = Ath.parse("1000000000000000");

    @Test
    void aSignedOrderIsTakenAndShown() {
        Secp256k1.KeyPair client = Samples.funded(20);
        SubmitJob order = Samples.submit(client, Samples.spec(3));
        Client.Answer answer = Client.post("/v1/jobs", order);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("events").asInt()).isEqualTo(7);

        JobView job = Client.get("/v1/jobs/" + order.jobId()).as(JobView.class);
        assertThat(job.state()).isEqualTo("QUEUED");
        assertThat(job.tasks()).hasSize(3);
        assertThat(job.spec()).isEqualTo(order.spec());
        JsonNode account = Client.get("/v1/accounts/" + client.address()).json();
        assertThat(account.path("account").path("available").asText()).isEqualTo("10000000000000000001");
        assertThat(account.path("deposit").path("vault").asText()).isEqualTo(ApiNode.VAULT.address());
        JsonNode list =
                Client.get("/v1/jobs?client=" + client.address() + "&first=5").json();
        assertThat(list.path("items")).hasSize(1);
        assertThat(Client.get("/v1/jobs/" + order.jobId() + "/timeline").json().path("items"))
                .hasSize(6);
    }

    @Test
    void theSameCommandAnswersTheSameAndOtherContentUnderItsIdIsRefused() {
        Secp256k1.KeyPair client = Samples.funded(50);
        SubmitJob order = Samples.submit(client, Samples.spec(1));
        JsonNode first = Client.post("/v1/jobs", order).json();
        assertThat(Client.post("/v1/jobs", order).json()).isEqualTo(first);

        Authorization reused = resigned(
                client, order.jobId(), Samples.spec(2), order.authorization().commandId());
        SubmitJob other = new SubmitJob(order.jobId(), Samples.spec(2), reused, null);
        Client.Answer refused = Client.post("/v1/jobs", other);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("COMMAND_ID_REUSED");
        SubmitJob sameJob = Samples.submit(client, order.jobId(), Samples.spec(2));
        assertThat(Client.post("/v1/jobs", sameJob).code()).isEqualTo("ID_TAKEN");
    }

    /** A retry is a retry, however late it comes and whatever the rules say by then. */
    @Test
    void whatWasAcceptedOnceIsAnsweredTheSameAfterItsAuthorisationHasEnded() {
        Secp256k1.KeyPair client = Samples.funded(50);
        SubmitJob order = Samples.submit(client, Samples.spec(1));
        JsonNode first = Client.post("/v1/jobs", order).json();
        SubmitJob never = Samples.submit(client, Samples.spec(1));
        SubmitJob forged = new SubmitJob(order.jobId(), Samples.spec(2), order.authorization(), null);
        Authorization reused = resigned(
                client, order.jobId(), Samples.spec(2), order.authorization().commandId());
        ApiNode.CLOCK.shift.set(Duration.ofHours(1));
        try {
            assertThat(Client.post("/v1/jobs", order).json()).isEqualTo(first);
            assertThat(Client.post("/v1/jobs", never).code()).isEqualTo("SIGNATURE_EXPIRED");
            assertThat(Client.post("/v1/jobs", forged).code()).isEqualTo("SIGNATURE_INVALID");
            assertThat(Client.post("/v1/jobs", new SubmitJob(order.jobId(), Samples.spec(2), reused, null))
                            .code())
                    .isEqualTo("COMMAND_ID_REUSED");
        } finally {
            ApiNode.CLOCK.shift.set(Duration.ZERO);
        }
        assertThat(Client.post("/v1/jobs", never).status()).isEqualTo(202);
    }

    private static Authorization resigned(Secp256k1.KeyPair client, JobId job, JobSpec spec, CommandId id) {
        Instant expiresAt = Instant.now().plus(Duration.ofMinutes(5));
        return Samples.sign(
                client,
                Samples.wallet(client),
                id,
                expiresAt,
                Samples.submitStruct(job, Samples.wallet(client), spec, id, expiresAt),
                Samples.DOMAIN);
    }

    @Test
    void withoutFundsNothingIsHeldAndWithThemTheSameOrderPasses() {
        Secp256k1.KeyPair client = Samples.key();
        SubmitJob order = Samples.submit(client, Samples.spec(1));
        Client.Answer refused = Client.post("/v1/jobs", order);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("INSUFFICIENT_FUNDS");
        assertThat(refused.json().path("nextStep").asText()).contains("Deposit at least 10 ATH");
        assertThat(Client.get("/v1/jobs/" + order.jobId()).code()).isEqualTo("NOT_FOUND");
        Samples.fund(Samples.wallet(client), 10);
        assertThat(Client.post("/v1/jobs", order).status()).isEqualTo(202);
    }

    @Test
    void signaturesMustBeOfTheSignerForThisChainAndInTime() {
        Secp256k1.KeyPair client = Samples.funded(100);
        JobSpec spec = Samples.spec(1);
        SubmitJob good = Samples.submit(client, spec);

        SubmitJob otherContent = new SubmitJob(good.jobId(), Samples.spec(2), good.authorization(), null);
        assertThat(Client.post("/v1/jobs", otherContent).code()).isEqualTo("SIGNATURE_INVALID");

        assertThat(Client.post("/v1/jobs", new SubmitJob(good.jobId(), spec, good.authorization(), 1L))
                        .code())
                .isEqualTo("WRONG_CHAIN");
        SubmitJob otherChain =
                signedFor(client, spec, Instant.now().plusSeconds(60), new SigningDomain(1, ApiNode.LOG));
        assertThat(Client.post("/v1/jobs", otherChain).code()).isEqualTo("SIGNATURE_INVALID");
        SubmitJob expired = signedFor(client, spec, Instant.now().minusSeconds(1), Samples.DOMAIN);
        Client.Answer late = Client.post("/v1/jobs", expired);
        assertThat(late.status()).isEqualTo(401);
        assertThat(late.code()).isEqualTo("SIGNATURE_EXPIRED");
        SubmitJob tooLong = signedFor(client, spec, Instant.now().plus(Duration.ofDays(90)), Samples.DOMAIN);
        assertThat(Client.post("/v1/jobs", tooLong).code()).isEqualTo("MALFORMED");

        assertThat(Client.post("/v1/jobs", good).status()).isEqualTo(202);
    }

    private static SubmitJob signedFor(
            Secp256k1.KeyPair client, JobSpec spec, Instant expiresAt, SigningDomain domain) {
        JobId job = new JobId(Samples.uuid());
        CommandId id = new CommandId(Samples.uuid());
        var struct = Samples.submitStruct(job, Samples.wallet(client), spec, id, expiresAt);
        return new SubmitJob(
                job, spec, Samples.sign(client, Samples.wallet(client), id, expiresAt, struct, domain), null);
    }

    @Test
    void unknownMissingAndMalformedFieldsAreNamed() {
        Secp256k1.KeyPair client = Samples.funded(20);
        String json = Json.text(Samples.submit(client, Samples.spec(1)));
        Client.Answer unknown = Client.postRaw("/v1/jobs", json.replace("\"jobId\"", "\"colour\":\"red\",\"jobId\""));
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.code()).isEqualTo("UNKNOWN_FIELD");
        assertThat(unknown.text()).contains("colour");
        Client.Answer missing = Client.postRaw("/v1/jobs", json.replaceFirst("\"image\":\"[^\"]*\",", ""));
        assertThat(missing.code()).isEqualTo("MALFORMED");
        assertThat(missing.text()).contains("image");
        Client.Answer wei = Client.postRaw("/v1/jobs", json.replaceFirst("\"cap\":\"([0-9]+)\"", "\"cap\":1.5"));
        assertThat(wei.code()).isEqualTo("MALFORMED");
        assertThat(wei.text()).contains("cap");
        assertThat(Client.postRaw("/v1/jobs", json.replaceFirst("\"tasks\":1", "\"tasks\":-1"))
                        .code())
                .isEqualTo("MALFORMED");
        assertThat(Client.postRaw("/v1/jobs", "{").code()).isEqualTo("MALFORMED");
        assertThat(Client.postRaw("/v1/jobs", "[]").code()).isEqualTo("MALFORMED");
        assertThat(Client.postRaw("/v1/jobs", " ".repeat(1 << 20) + json).code())
                .isEqualTo("TOO_LARGE");
        assertThat(Client.postRaw("/v1/jobs", json).status()).isEqualTo(202);
    }

    @Test
    void rulesOfAdmissionAreRefusedByName() {
        Secp256k1.KeyPair client = Samples.funded(100);
        GpuDemand one = new GpuDemand(1, null, 0, true);
        assertThat(refusal(client, Samples.spec(1, new GpuDemand(99, null, 0, true), PRICE, Ath.ofWhole(10))))
                .isEqualTo("INVALID_SPEC");
        assertThat(refusal(client, Samples.spec(1, one, Ath.ZERO, Ath.ofWhole(10))))
                .isEqualTo("PRICE_TOO_LOW");
        assertThat(refusal(client, Samples.spec(1, one, PRICE, Ath.ofWei(1)))).isEqualTo("CAP_TOO_LOW");
        assertThat(refusal(client, Samples.spec(0, one, PRICE, Ath.ofWhole(10))))
                .isEqualTo("INVALID_SPEC");
        assertThat(Client.post("/v1/jobs", Samples.submit(client, Samples.spec(1)))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void imagesAreNamedByDigest() {
        Secp256k1.KeyPair client = Samples.funded(20);
        String json = Json.text(Samples.spec(1));
        JobSpec tagged = Json.read(json.replaceFirst("@sha256:[0-9a-f]{64}", ":latest"), JobSpec.class);
        Client.Answer refused = Client.post("/v1/jobs", Samples.submit(client, tagged));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("IMAGE_NOT_BY_DIGEST");
        assertThat(Client.post("/v1/jobs", Samples.submit(client, Samples.spec(1)))
                        .status())
                .isEqualTo(202);
    }

    private static String refusal(Secp256k1.KeyPair client, JobSpec spec) {
        return Client.post("/v1/jobs", Samples.submit(client, spec)).code();
    }

    @Test
    void theClientCancelsAndNobodyElse() {
        Secp256k1.KeyPair client = Samples.funded(20);
        SubmitJob order = Samples.submit(client, Samples.spec(2));
        Client.post("/v1/jobs", order);
        String path = "/v1/jobs/" + order.jobId() + "/cancel";
        Client.Answer stranger = Client.post(path, Samples.cancel(Samples.key(), order.jobId()));
        assertThat(stranger.status()).isEqualTo(403);
        assertThat(stranger.code()).isEqualTo("NOT_ALLOWED");
        var cancel = Samples.cancel(client, order.jobId());
        JsonNode done = Client.post(path, cancel).json();
        assertThat(done.path("events").asInt()).isPositive();
        assertThat(Client.post(path, cancel).json()).isEqualTo(done);
        assertThat(Client.get("/v1/jobs/" + order.jobId()).as(JobView.class).state())
                .isEqualTo("CANCELLED");
    }

    @Test
    void pathsAndQueriesAreCheckedToo() {
        assertThat(Client.get("/v1/jobs/not-a-uuid").code()).isEqualTo("MALFORMED");
        assertThat(Client.get("/v1/jobs?first=0").code()).isEqualTo("MALFORMED");
        assertThat(Client.get("/v1/jobs?first=101").code()).isEqualTo("MALFORMED");
        assertThat(Client.get("/v1/jobs?first=100").status()).isEqualTo(200);
        assertThat(Client.get("/v1/accounts/0x12").code()).isEqualTo("MALFORMED");
    }

    @Test
    void estimatesParametersAndErrorsAnswer() {
        assertThat(Client.post("/v1/estimates", Samples.spec(1))
                        .json()
                        .path("maxHold")
                        .asText())
                .isEqualTo("10000000000000000000");
        assertThat(Client.post("/v1/estimates", Samples.spec(0)).code()).isEqualTo("INVALID_SPEC");
        JsonNode parameters = Client.get("/v1/parameters").json();
        assertThat(parameters.path("chainId").asLong()).isEqualTo(ApiNode.CHAIN);
        assertThat(parameters.path("signingDomain").path("verifyingContract").asText())
                .isEqualTo(ApiNode.LOG.address());
        assertThat(parameters.path("parameters").path("profile").asText()).isEqualTo("devnet");
        assertThat(Client.get("/errors/STALE_FENCE").json().path("status").asInt())
                .isEqualTo(409);
        assertThat(Client.get("/errors/IMAGE_UNAVAILABLE")
                        .json()
                        .path("nextStep")
                        .asText())
                .contains("by the digest");
        assertThat(Client.get("/errors/NO_SUCH").status()).isEqualTo(404);
        assertThat(Client.get("/v1/ops/health").json().path("status").asText()).isEqualTo("UP");
    }
}
