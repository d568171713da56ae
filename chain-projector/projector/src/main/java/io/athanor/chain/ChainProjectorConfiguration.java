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
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Schema;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.query.Queries.EligibleCheckers;
import io.athanor.domain.signing.SigningDomain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jdbi.v3.core.Jdbi;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;
import org.web3j.utils.Numeric;

/** The projector's beans. {@link ChainSettings} comes from the node. */
@Configuration(proxyBeanMethods = false)
public class ChainProjectorConfiguration {
    private static final int DEVNET_ADMIN = 0;
    private static final int DEVNET_SUBMITTER = 1;
    private static final int DEVNET_GUARDIAN = 2;
    private static final Ath DEVNET_DAILY_LIMIT = Ath.ofWhole(1_000_000);

    @Bean
    public Schema chainSchema() {
        return Schema.readWrite("chain", "classpath:db/chain");
    }

    @Bean(destroyMethod = "shutdown")
    public Web3j web3j(ChainSettings settings) {
        return Web3j.build(new HttpService(settings.rpc().getFirst().toString()));
    }

    /** Where the contracts are: deployed now where the settings say so, and always compared with the code on chain. */
    @Bean
    public Deployment contracts(ChainSettings settings, Web3j web3j) {
        if (settings.deploy()) {
            return new DeployContracts(
                            devnetKey(web3j, DEVNET_ADMIN), devnetTerms(settings.genesis()), settings.contracts())
                    .run();
        }
        Deployment deployment = Deployment.read(settings.contracts())
                .filter(Deployment::complete)
                .orElseThrow(() -> new IllegalStateException("no contracts are named in " + settings.contracts()
                        + "; deploy them, or set athanor.chain.deploy=true on a development chain"));
        if (deployment.chainId() != settings.chainId()) {
            throw new IllegalStateException("the contracts are on chain " + deployment.chainId()
                    + " and athanor.chain.id is " + settings.chainId());
        }
        return DeployContracts.verified(deployment, web3j);
    }

    private static GenesisTerms devnetTerms(ProtocolParameters genesis) {
        return new GenesisTerms(
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

    private static KeySender devnetKey(Web3j web3j, int index) {
        return new KeySender(web3j, Wallets.devnet(index));
    }

    @Bean
    public SigningDomain signingDomain(Deployment contracts) {
        return new SigningDomain(contracts.chainId(), contracts.log());
    }

    @Bean
    ChainStore chainStore(DataSource dataSource) {
        return new ChainStore(Jdbi.create(new TransactionAwareDataSourceProxy(dataSource)));
    }

    @Bean
    public ConfigurerModule chainOutbox(ChainStore store, InstantSource clock) {
        return new ChainOutboxModule(new ChainOutbox(store, clock));
    }

    @Bean
    public Approvals approvals(ChainStore store, SigningDomain domain) {
        return new BatchApprovals(store, domain);
    }

    @Bean
    public ProjectorLoop projectorLoop(
            ChainSettings settings,
            Web3j web3j,
            Deployment contracts,
            ChainStore store,
            Commands commands,
            QueryGateway queries,
            InstantSource clock) {
        ChainNode node = new ChainNode(web3j);
        Supplier<List<Candidate>> eligible =
                () -> queries.query(new EligibleCheckers(), ResponseTypes.multipleInstancesOf(Candidate.class))
                        .join();
        Optional<KeySender> admin = settings.deploy() ? Optional.of(devnetKey(web3j, DEVNET_ADMIN)) : Optional.empty();
        SignerSetKeeper signers = new SignerSetKeeper(store, contracts, admin, eligible);
        BatchSender sender =
                new BatchSender(node, store, contracts, submitter(settings), web3j, signers, commands, clock);
        InboundScanner inbound = new InboundScanner(node, store, contracts, commands, clock);
        EpochOpener epochs = new EpochOpener(node, store, commands, clock, eligible);
        return new ProjectorLoop(store, List.of(inbound::tick, epochs::tick, sender::tick), clock);
    }

    private static Credentials submitter(ChainSettings settings) {
        Path file = settings.submitterKey();
        try {
            Secp256k1.KeyPair key =
                    file == null ? Wallets.devnet(DEVNET_SUBMITTER) : Secp256k1.keyPair(KeyFiles.read(file));
            return Credentials.create(Numeric.toHexStringNoPrefix(key.privateKey()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the submitter's key " + file, e);
        }
    }
}
