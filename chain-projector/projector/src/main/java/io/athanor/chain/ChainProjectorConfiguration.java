package io.athanor.chain;

import io.athanor.contracts.DeployContracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.GenesisTerms;
import io.athanor.contracts.KeySender;
import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.Wallets;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.Approvals;
import io.athanor.domain.port.ChainStatus;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.ContractDirectory;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.Payouts;
import io.athanor.domain.port.Schema;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.query.Queries.EligibleCheckers;
import io.athanor.domain.signing.SigningDomain;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.web3j.protocol.Web3j;

/** The projector's beans. {@link ChainSettings} comes from the node. */
@Configuration(proxyBeanMethods = false)
public class ChainProjectorConfiguration {
    private static final int DEVNET_ADMIN = 0;
    private static final int DEVNET_SUBMITTER = 1;
    private static final int DEVNET_GUARDIAN = 2;
    private static final Duration QUERY = Duration.ofSeconds(10);
    private static final Ath DEVNET_DAILY_LIMIT = Ath.ofWhole(1_000_000);

    @Bean
    public Schema chainSchema() {
        return Schema.readWrite("chain", "classpath:db/chain");
    }

    @Bean(destroyMethod = "")
    Endpoints chainEndpoints(ChainSettings settings) {
        return new Endpoints(settings.rpc(), settings.chainId());
    }

    @Bean(destroyMethod = "shutdown")
    public Web3j web3j(Endpoints endpoints) {
        return Web3j.build(endpoints);
    }

    /** Where the contracts are; deployed now where that is allowed and not done. The loop compares their code. */
    @Bean
    public Deployment contracts(ChainSettings settings, Web3j web3j) {
        Deployment known = Deployment.read(settings.contracts())
                .filter(Deployment::complete)
                .orElseGet(() -> deploy(settings, web3j));
        if (known.chainId() != settings.chainId()) {
            throw new IllegalStateException("the contracts of " + settings.contracts() + " are on chain "
                    + known.chainId() + " and athanor.chain.id is " + settings.chainId());
        }
        return known;
    }

    private static Deployment deploy(ChainSettings settings, Web3j web3j) {
        if (!settings.deploy()) {
            throw new IllegalStateException("no contracts are named in " + settings.contracts()
                    + "; deploy them, or set athanor.chain.deploy=true on a development chain");
        }
        KeySender admin = new KeySender(web3j, Wallets.devnet(DEVNET_ADMIN));
        return new DeployContracts(admin, devnetTerms(settings.genesis()), settings.contracts()).run();
    }

    private static GenesisTerms devnetTerms(ProtocolParameters genesis) {
        return new GenesisTerms(
                null,
                devnetWallet(DEVNET_ADMIN),
                devnetWallet(DEVNET_GUARDIAN),
                devnetWallet(DEVNET_SUBMITTER),
                Duration.ofMillis(genesis.timing().dayMillis()),
                DEVNET_DAILY_LIMIT,
                genesis.reward().providerReserve(),
                genesis.reward().checkerReserve());
    }

    private static Wallet devnetWallet(int index) {
        return Wallet.parse(Wallets.devnet(index).address());
    }

    @Bean
    public SigningDomain signingDomain(Deployment contracts) {
        return new SigningDomain(contracts.chainId(), contracts.log());
    }

    @Bean
    Tables chainTables(DataSource dataSource) {
        return Tables.over(dataSource);
    }

    @Bean
    ConfigurerModule chainOutbox(Tables tables) {
        return new ChainOutboxModule(new ChainOutbox(tables));
    }

    @Bean
    Approvals approvals(Assembly projector) {
        return projector.approvals();
    }

    @Bean
    Payouts payouts(Assembly projector) {
        return projector.payouts();
    }

    @Bean
    ContractDirectory contractDirectory(Deployment contracts) {
        return new DeployedContracts(contracts);
    }

    @Bean
    Assembly projector(
            ChainSettings settings,
            Web3j web3j,
            Endpoints endpoints,
            Deployment contracts,
            Tables tables,
            Commands commands,
            EventSource events,
            QueryGateway queries,
            InstantSource clock) {
        Supplier<List<Candidate>> eligible =
                () -> queries.query(new EligibleCheckers(), ResponseTypes.multipleInstancesOf(Candidate.class))
                        .orTimeout(QUERY.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
        Optional<Secp256k1.KeyPair> admin =
                settings.deploy() ? Optional.of(Wallets.devnet(DEVNET_ADMIN)) : Optional.empty();
        return new Assembly(
                new ChainNode(web3j, endpoints::watchHeads),
                web3j,
                contracts,
                tables,
                commands,
                events,
                eligible,
                submitter(settings),
                admin,
                relayer(settings).or(() -> admin),
                clock);
    }

    @Bean
    public ProjectorLoop projectorLoop(Assembly projector) {
        return projector.loop();
    }

    @Bean
    public ChainStatus chainStatus(Assembly projector, ProjectorLoop loop, Endpoints endpoints) {
        return projector.operations(loop, endpoints::health);
    }

    @Bean
    MeterBinder chainMetrics(ChainStatus status, InstantSource clock) {
        return new ChainMetrics(status, clock);
    }

    private static Secp256k1.KeyPair submitter(ChainSettings settings) {
        Path file = settings.submitterKey();
        return file == null ? Wallets.devnet(DEVNET_SUBMITTER) : key(file);
    }

    /** Another key than the submitter's, whose every nonce is some message's. */
    private static Optional<Secp256k1.KeyPair> relayer(ChainSettings settings) {
        Optional<Secp256k1.KeyPair> relayer =
                Optional.ofNullable(settings.relayerKey()).map(ChainProjectorConfiguration::key);
        if (relayer.filter(key -> key.address().equals(submitter(settings).address()))
                .isPresent()) {
            throw new IllegalStateException(
                    "athanor.chain.relayer-key-file must hold another key than athanor.chain.submitter-key-file");
        }
        return relayer;
    }

    private static Secp256k1.KeyPair key(Path file) {
        try {
            return Secp256k1.keyPair(KeyFiles.read(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key " + file, e);
        }
    }
}
