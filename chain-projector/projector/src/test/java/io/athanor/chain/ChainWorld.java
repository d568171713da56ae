package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.athanor.chain.LedgerTables.BatchRow;
import io.athanor.chain.MessageTables.Attempt;
import io.athanor.chain.MessageTables.Message;
import io.athanor.chain.MessageTables.State;
import io.athanor.contracts.AthWallet;
import io.athanor.contracts.DeployContracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.GenesisTerms;
import io.athanor.contracts.KeySender;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.Wallets;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Schema;
import io.athanor.domain.protocol.ProtocolCommand.BeginNetwork;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.AnvilEngine;
import io.athanor.local.engine.Database;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;

/** A chain with the contracts, a database with the schema, and a log. Reserves are the vault's transfers 1 and 2. */
final class ChainWorld implements AutoCloseable {
    static final long CHAIN = 31_337;
    static final int FIRST_CHECKER = 5;
    static final int CHECKERS = 4;
    static final int RELAYER = 9;
    /** Blocks after which what was mined before is final. */
    static final int FINAL = 10;

    final AnvilEngine anvil;
    final Web3j web3j;
    final Endpoints rpc;
    final Deployment contracts;
    final KeySender admin;
    final AthWallet treasury;
    final Database database;
    final HikariDataSource pool;
    final Tables tables;
    final FoldedLog log;
    final Cosignatures approvals;
    final MovableClock clock = new MovableClock();

    ChainWorld(AnvilEngine anvil) {
        this.anvil = anvil;
        rpc = new Endpoints(List.of(anvil.rpc()), CHAIN);
        web3j = Web3j.build(rpc);
        admin = new KeySender(web3j, Wallets.devnet(0));
        contracts = new DeployContracts(
                        admin, terms(), TestEngines.folder("contracts").resolve("contracts.json"))
                .run();
        treasury = new AthWallet(admin, contracts);
        database = TestEngines.freshDatabase("chain", TestEngines.template("chain-projector", ChainWorld::migrate));
        pool = new HikariDataSource();
        pool.setJdbcUrl(database.appUrl());
        pool.setMaximumPoolSize(6);
        tables = Tables.over(pool);
        log = new FoldedLog(new ChainOutbox(tables));
        approvals = assembly(new ChainNode(web3j)).approvals();
    }

    /** Blocks come with transactions and when asked for. */
    static ChainWorld create() {
        return new ChainWorld(TestEngines.anvil());
    }

    static void migrate(Database database) {
        Schema schema = new ChainProjectorConfiguration().chainSchema();
        DriverManagerDataSource owner = new DriverManagerDataSource(database.ownerUrl());
        Flyway.configure()
                .dataSource(owner)
                .schemas(schema.name())
                .table("schema_history")
                .locations(schema.location())
                .load()
                .migrate();
        new JdbcTemplate(owner).execute(schema.grants());
    }

    private static GenesisTerms terms() {
        return new GenesisTerms(
                wallet(0),
                wallet(0),
                wallet(2),
                wallet(1),
                Duration.ofMinutes(10),
                Ath.ofWhole(1000),
                Ath.ofWhole(2_000_000),
                Ath.ofWhole(1_000_000));
    }

    SigningDomain domain() {
        return new SigningDomain(CHAIN, contracts.log());
    }

    static Wallet wallet(int index) {
        return Wallet.parse(Wallets.devnet(index).address());
    }

    static List<Candidate> checkers() {
        return IntStream.range(FIRST_CHECKER, FIRST_CHECKER + CHECKERS)
                .mapToObj(i ->
                        new Candidate(wallet(i + 10), wallet(i), "owner-" + i, "net-" + i, Ath.ofWhole(10_000 + i)))
                .toList();
    }

    void begin(Instant genesis) {
        log.send(Order.inside(
                        "test",
                        null,
                        new BeginNetwork(
                                CHAIN,
                                contracts.vault(),
                                contracts.log(),
                                genesis,
                                SampleParameters.get(),
                                clock.instant())))
                .join();
    }

    Assembly assembly(ChainNode node) {
        return new Assembly(
                node,
                web3j,
                contracts,
                tables,
                log,
                log,
                ChainWorld::checkers,
                Wallets.devnet(1),
                Optional.of(Wallets.devnet(0)),
                Optional.of(Wallets.devnet(RELAYER)),
                clock);
    }

    ProjectorLoop loop() {
        return loop(new ChainNode(web3j));
    }

    ProjectorLoop loop(ChainNode node) {
        return assembly(node).loop();
    }

    ChainOperations operations(ProjectorLoop loop) {
        return assembly(new ChainNode(web3j)).operations(loop, rpc::health);
    }

    String halted() {
        return tables.progress().halts().stream()
                .map(halt -> halt.part() + " " + halt.reason())
                .findFirst()
                .orElse("");
    }

    Message batch(long seq) {
        return message(CosignKind.BATCH, seq);
    }

    Message message(CosignKind kind, long number) {
        return tables.messages().find(kind, number).orElseThrow();
    }

    List<Attempt> attempts(long seq) {
        return tables.messages().attempts(CosignKind.BATCH, seq);
    }

    List<String> signatures(long seq, int quorum) {
        return tables.messages().approvals(CosignKind.BATCH, seq, quorum);
    }

    State state(long seq) {
        return batch(seq).state();
    }

    /** This checker's signature under a batch as it stands. */
    String signature(int checker, long seq) {
        Message message = batch(seq);
        BatchRow row = tables.ledger().batch(seq).orElseThrow();
        Hash32 digest = domain().digest(TypedSettlement.batch(row.batch(), row.epoch(), message.setVersion()));
        return Hex.encode(Secp256k1.sign(Wallets.devnet(checker), digest));
    }

    void approve(int checker, long seq) {
        approvals.approve(CosignKind.BATCH, seq, wallet(checker), signature(checker, seq));
    }

    /** This checker signs everything that waits for it. */
    void cosign(int checker) {
        for (CosignDuty duty : approvals.waitingFor(wallet(checker))) {
            Hash32 digest = domain().digest(TypedSettlement.of(duty));
            String signature = Hex.encode(Secp256k1.sign(Wallets.devnet(checker), digest));
            approvals.approve(duty.kind(), duty.number(), wallet(checker), signature);
        }
    }

    /** Enough turns of the projector for a batch and its records to be cosigned, sent and final. */
    void steps(ProjectorLoop loop) {
        for (int i = 0; i < 14; i++) {
            loop.tick();
            for (int checker = 5; checker < 8; checker++) {
                cosign(checker);
            }
            mine(FINAL);
        }
        assertThat(halted()).isEmpty();
    }

    void mine(int blocks) {
        rpc("anvil_mine", "0x" + Integer.toHexString(blocks));
    }

    /** Transactions of the submitter that are in blocks. */
    long submissions() {
        return new ChainNode(web3j)
                .nonce(wallet(1), new ChainNode(web3j).latest().number());
    }

    Object rpc(String method, Object... params) {
        try {
            AnyResponse response = new Request<>(method, Arrays.asList(params), rpc, AnyResponse.class).send();
            if (response.hasError()) {
                throw new IllegalStateException(
                        method + ": " + response.getError().getMessage());
            }
            return response.getResult();
        } catch (IOException e) {
            throw new IllegalStateException(method, e);
        }
    }

    JdbcTemplate sql() {
        return new JdbcTemplate(new DriverManagerDataSource(database.ownerUrl()));
    }

    URI node() {
        return anvil.rpc();
    }

    @Override
    public void close() {
        web3j.shutdown();
        pool.close();
        anvil.close();
    }

    /** An answer of any form. */
    static final class AnyResponse extends Response<Object> {}
}
