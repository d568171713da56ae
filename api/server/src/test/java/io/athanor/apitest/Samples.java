package io.athanor.apitest;

import io.athanor.api.command.CancelJob;
import io.athanor.api.command.ListOffer;
import io.athanor.api.command.RegisterProvider;
import io.athanor.api.command.SubmitJob;
import io.athanor.api.command.TopUpJob;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.JobSpec.GpuDemand;
import io.athanor.domain.job.JobSpec.Network;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/** Keys, specs and signed commands for tests. */
final class Samples {
    static final SecureRandom RANDOM = new SecureRandom();
    static final String IMAGE = "localhost:5000/tile@sha256:" + "ab".repeat(32);
    static final SigningDomain DOMAIN = new SigningDomain(ApiNode.CHAIN, ApiNode.LOG);
    private static final AtomicLong DEPOSITS = new AtomicLong();

    private Samples() {}

    static UUID uuid() {
        return UuidText.v7(System.currentTimeMillis(), RANDOM.nextLong(), RANDOM.nextLong());
    }

    static Secp256k1.KeyPair key() {
        return Secp256k1.generate(RANDOM);
    }

    static Wallet wallet(Secp256k1.KeyPair key) {
        return Wallet.parse(key.address());
    }

    /** A fresh wallet with this much ATH available. */
    static Secp256k1.KeyPair funded(long ath) {
        Secp256k1.KeyPair key = key();
        fund(wallet(key), ath);
        return key;
    }

    /** Bonds a provider's own stake, as the chain would tell. */
    static void bond(Wallet provider, long ath) {
        PoolId pool = PoolId.ofProvider(provider);
        long number = DEPOSITS.incrementAndGet();
        ApiNode.NETWORK
                .send(Order.inside(
                        "chain", null, new CreditBond(pool, number, Ath.ofWhole(ath), Hash32.ZERO, 1, Instant.now())))
                .join();
    }

    static void fund(Wallet wallet, long ath) {
        ApiNode.NETWORK
                .send(Order.inside(
                        "chain",
                        null,
                        new CreditDeposit(
                                wallet, DEPOSITS.incrementAndGet(), Ath.ofWhole(ath), Hash32.ZERO, 1, Instant.now())))
                .join();
    }

    static JobSpec spec(int tasks) {
        return spec(tasks, new GpuDemand(1, null, 0, true), Ath.parse("1000000000000000"), Ath.ofWhole(10));
    }

    static JobSpec spec(int tasks, GpuDemand gpus, Ath maxPrice, Ath cap) {
        return new JobSpec(
                "tiles",
                IMAGE,
                List.of("render"),
                Map.of("SCENE", "glass"),
                tasks,
                gpus,
                500,
                256,
                60_000,
                maxPrice,
                cap,
                Map.of(),
                Network.NONE,
                Set.of());
    }

    /** An hour's job at a price of which its cap pays a quarter. */
    static JobSpec hour() {
        JobSpec s = spec(1);
        return new JobSpec(
                s.name(),
                s.image(),
                s.command(),
                s.env(),
                1,
                s.gpus(),
                s.cpuMillis(),
                s.memoryMib(),
                3_600_000,
                Ath.parse("1000000000000"),
                Ath.parse("900000000000000"),
                s.inputs(),
                s.network(),
                s.regions());
    }

    static Inventory inventory(int gpus) {
        return inventory(gpus, "eu-west");
    }

    static Inventory inventory(int gpus, String region) {
        return new Inventory(
                Hex.encode(Hash32.keccak(uuid().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .bytes()),
                new Region(region),
                java.util.stream.IntStream.range(0, gpus)
                        .mapToObj(i -> new Inventory.Gpu("GPU-" + uuid(), "H200", 141_000, 90, "570.1"))
                        .toList(),
                64,
                512_000,
                4_000,
                1_000,
                1_000,
                "28.3",
                true);
    }

    static Authorization sign(
            Secp256k1.KeyPair signer,
            Wallet wallet,
            CommandId id,
            Instant expiresAt,
            Hash32 struct,
            SigningDomain domain) {
        return new Authorization(
                id, wallet, wallet(signer), expiresAt, Hex.encode(Secp256k1.sign(signer, domain.digest(struct))));
    }

    /** An authorisation by the wallet itself, good for an hour. */
    static Authorization authorize(Secp256k1.KeyPair signer, BiFunction<CommandId, Instant, Hash32> struct) {
        CommandId id = new CommandId(uuid());
        Instant expiresAt = Instant.now().plus(Duration.ofHours(1));
        return sign(signer, wallet(signer), id, expiresAt, struct.apply(id, expiresAt), DOMAIN);
    }

    static SubmitJob submit(Secp256k1.KeyPair client, JobSpec spec) {
        return submit(client, new JobId(uuid()), spec);
    }

    static SubmitJob submit(Secp256k1.KeyPair client, JobId job, JobSpec spec) {
        Authorization signed =
                authorize(client, (id, expiresAt) -> submitStruct(job, wallet(client), spec, id, expiresAt));
        return new SubmitJob(job, spec, signed, ApiNode.CHAIN);
    }

    static Hash32 submitStruct(JobId job, Wallet client, JobSpec spec, CommandId id, Instant expiresAt) {
        return TypedCommands.submitJob(
                job, client, Json.digest(spec), spec.tasks(), spec.maxPrice(), spec.cap(), id, expiresAt);
    }

    static CancelJob cancel(Secp256k1.KeyPair client, JobId job) {
        Authorization signed =
                authorize(client, (id, expiresAt) -> TypedCommands.cancelJob(job, "enough", id, expiresAt));
        return new CancelJob(job, "enough", signed, null);
    }

    static TopUpJob topUp(Secp256k1.KeyPair client, JobId job, Ath cap) {
        Authorization signed = authorize(client, (id, expiresAt) -> TypedCommands.topUpJob(job, cap, id, expiresAt));
        return new TopUpJob(job, cap, signed, null);
    }

    static RegisterProvider provider(Secp256k1.KeyPair key, String name) {
        Authorization signed = authorize(
                key,
                (id, expiresAt) -> TypedCommands.registerProvider(wallet(key), name, "group " + name, id, expiresAt));
        return new RegisterProvider(name, "group " + name, signed, null);
    }

    static ListOffer offer(Secp256k1.KeyPair key, MachineId machine, Ath price) {
        Authorization signed =
                authorize(key, (id, expiresAt) -> TypedCommands.listOffer(machine, price, id, expiresAt));
        return new ListOffer(machine, price, signed, null);
    }

    /** Signs in and returns the access token. */
    static String signIn(Secp256k1.KeyPair key) {
        return tokens(key).field("accessToken");
    }

    /** What a sign-in gives: access token and refresh token. */
    static Client.Answer tokens(Secp256k1.KeyPair key) {
        String nonce = Client.postRaw("/v1/auth/nonce", "{}").field("nonce");
        String message = siwe(wallet(key), nonce, ApiNode.CHAIN);
        return Client.post("/v1/auth/verify", signed(key, message));
    }

    static JobSpec withInput(JobSpec s, String path, byte[] file) {
        return new JobSpec(
                s.name(),
                s.image(),
                s.command(),
                s.env(),
                s.tasks(),
                s.gpus(),
                s.cpuMillis(),
                s.memoryMib(),
                s.maxDurationMillis(),
                s.maxPrice(),
                s.cap(),
                Map.of(path, new JobSpec.Input(Sha256.of(file), file.length)),
                s.network(),
                s.regions());
    }

    static String siwe(Wallet wallet, String nonce, long chain) {
        String host = java.net.URI.create(ApiNode.url()).getAuthority();
        return new io.athanor.api.auth.SiweMessage(
                        host,
                        wallet,
                        ApiNode.url(),
                        chain,
                        nonce,
                        Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS),
                        null)
                .text();
    }

    static Map<String, String> signed(Secp256k1.KeyPair key, String message) {
        byte[] signature = Secp256k1.sign(key, io.athanor.crypto.PersonalMessage.digest(message));
        return Map.of("message", message, "signature", Hex.encode(signature));
    }
}
