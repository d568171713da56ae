package io.athanor.local.devnet;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.PoolView;
import io.athanor.local.engine.Engine;
import io.athanor.local.network.Network;
import io.athanor.local.network.Progress;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Waiting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a development network its people: a client with a deposit, a registered provider, and checkers with bonds. It
 * does only what is not there yet, so a second start changes nothing.
 */
public final class DevnetAccounts implements Engine {
    /** What the client deposits. */
    public static final Ath CLIENT_DEPOSIT = Ath.ofWhole(10_000);
    /** What each checker bonds: one stake unit of the development profile. */
    public static final Ath CHECKER_BOND = Ath.ofWhole(10_000);

    /** What the development profile asks of one GPU with the greatest weight, an H200, and a fifth for penalties. */
    private static final Ath BOND_PER_GPU = Ath.ofWhole(15_000);

    private static final PoolId PROVIDER_POOL =
            PoolId.ofProvider(DevWallet.number(DevWallets.PROVIDER).wallet());
    private static final Duration POOLS_KNOWN_WITHIN = Duration.ofSeconds(30);
    private static final Duration CREDITED_WITHIN = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Region REGION = new Region("local");

    private final Network network;
    private final Progress progress;
    private final ApiClient api;
    private final int checkers;
    private final Ath providerBond;
    private volatile boolean done;

    /**
     * @param checkers how many of the {@link DevWallets#CHECKERS} there are
     * @param gpus how many GPUs the provider will offer; it bonds what they require
     */
    public DevnetAccounts(Network network, Progress progress, int checkers, int gpus) {
        this.providerBond = BOND_PER_GPU.times(gpus);
        this.network = network;
        this.progress = progress;
        this.checkers = checkers;
        this.api =
                new ApiClient(URI.create("http://127.0.0.1:" + network.layout().api()));
    }

    /** Where the client's key is left for the command line. */
    public static Path clientKey(Path data) {
        return data.resolve("client.key");
    }

    @Override
    public String name() {
        return "accounts";
    }

    @Override
    public void start() {
        if (!done) {
            DevChain chain = chain();
            SigningDomain domain = new SigningDomain(
                    chain.contracts().chainId(), chain.contracts().log());
            client(chain);
            provider(chain, domain);
            for (int i = 0; i < checkers; i++) {
                checker(chain, domain, i);
            }
            chain.settle();
            done = true;
        }
    }

    /** The chain, once the node has deployed the contracts. */
    public DevChain chain() {
        return new DevChain(network.chain().rpc(), network.layout().data().resolve("contracts.json"));
    }

    public ApiClient api() {
        return api;
    }

    /** What the API says of an account. */
    private record AccountPage(AccountView account) {}

    /** A wallet's balances as the network knows them. */
    public static AccountView account(ApiClient api, Wallet wallet) {
        return api.get("/v1/accounts/" + wallet, AccountPage.class).account();
    }

    private void client(DevChain chain) {
        Wallet client = DevWallet.number(DevWallets.CLIENT).wallet();
        DevWallet.number(DevWallets.CLIENT).keep(clientKey(network.layout().data()));
        DevWallet.number(DevWallets.OPERATOR).keep(network.layout().data().resolve("operator.key"));
        if (account(api, client).deposited().isZero()) {
            chain.fund(client, CLIENT_DEPOSIT);
            chain.deposit(client, CLIENT_DEPOSIT);
            progress.say("client " + client + " deposits " + CLIENT_DEPOSIT.display());
        }
    }

    private void provider(DevChain chain, SigningDomain domain) {
        DevWallet provider = DevWallet.number(DevWallets.PROVIDER);
        Authorization by = provider.authorize(
                domain,
                (id, until) -> TypedCommands.registerProvider(
                        provider.wallet(), "Devnet provider", "devnet-provider", id, until));
        api.post(
                "/v1/providers",
                Map.of("name", "Devnet provider", "ownerGroup", "devnet-provider", "authorization", by),
                Map.class);
        if (bonded().isZero()) {
            chain.fund(provider.wallet(), providerBond);
            chain.bond(provider.wallet(), PROVIDER_POOL, providerBond);
            progress.say("provider " + provider.wallet() + " bonds " + providerBond.display());
        }
    }

    /** Pools are known a moment after a node answers: once the history is read. */
    private Ath bonded() {
        long end = System.nanoTime() + POOLS_KNOWN_WITHIN.toNanos();
        while (true) {
            try {
                return api.get("/v1/pools/" + PROVIDER_POOL, PoolView.class).selfBond();
            } catch (EngineFailure notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
                Waiting.pause(POLL);
            }
        }
    }

    /** Waits until the provider's bond is final and credited: before, no machine can be offered. */
    public void awaitProviderBond() {
        long end = System.nanoTime() + CREDITED_WITHIN.toNanos();
        while (bonded().isZero()) {
            if (System.nanoTime() > end) {
                throw new EngineFailure("The provider's bond was not credited.", "See the node's and the chain's log.");
            }
            Waiting.pause(POLL);
        }
    }

    private void checker(DevChain chain, SigningDomain domain, int index) {
        DevWallet wallet = DevWallet.number(DevWallets.FIRST_CHECKER + index);
        Optional<CheckerView> known = api.find("/v1/checkers/" + wallet.wallet(), CheckerView.class);
        if (known.isEmpty()) {
            register(wallet, domain, index);
        }
        if (known.isEmpty() || known.get().stake().isZero()) {
            chain.fund(wallet.wallet(), CHECKER_BOND);
            chain.bond(wallet.wallet(), PoolId.ofChecker(wallet.wallet()), CHECKER_BOND);
            progress.say("checker " + wallet.wallet() + " bonds " + CHECKER_BOND.display());
        }
    }

    private void register(DevWallet wallet, SigningDomain domain, int index) {
        String owner = "devnet-checker-" + index;
        String endpoint = "http://127.0.0.1:" + network.layout().checker(index);
        Wallet attester = Attesters.of(network.layout().data(), index);
        Authorization by = wallet.authorize(
                domain,
                (id, until) -> TypedCommands.registerChecker(
                        wallet.wallet(), owner, "devnet", REGION.name(), endpoint, attester, id, until));
        api.post(
                "/v1/checkers",
                Map.of(
                        "ownerGroup", owner,
                        "networkGroup", "devnet",
                        "region", REGION,
                        "endpoint", endpoint,
                        "attester", attester,
                        "authorization", by),
                Map.class);
    }

    @Override
    public void stop() {
        done = false;
    }

    @Override
    public boolean lives() {
        return done;
    }

    @Override
    public boolean answers() {
        return done;
    }
}
