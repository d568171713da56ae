package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.Page;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.DevChain;
import io.athanor.local.network.Network;
import io.athanor.local.network.Services;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What the mystery shopper does in a running network: its jobs run beside those of the other tests. */
interface MysteryShopping {
    AtomicReference<@Nullable Shopper> SHOPPER = new AtomicReference<>();

    AtomicReference<@Nullable Launcher> LAUNCHED = new AtomicReference<>();

    /** The network in which is shopped; its launcher again. */
    static Launcher by(Launcher launcher) {
        LAUNCHED.set(launcher);
        return launcher;
    }

    private static Network network() {
        return Objects.requireNonNull(LAUNCHED.get(), "no network was launched").network();
    }

    @Test
    @Order(0)
    default void theMysteryShopperFixesItsPlan() throws Exception {
        Network network = network();
        Path data = network.layout().data();
        ApiClient api = new ApiClient(Services.api(network.layout()));
        DevChain chain = new DevChain(network.chain().rpc(), data.resolve("contracts.json"));
        CommandLine operator = new CommandLine(api.base(), data.resolve("operator.key"), data);
        Shopper shopper =
                new Shopper(operator, api, chain, data, network.images().address() + "/athanor/render:latest");
        SHOPPER.set(shopper);
        shopper.clientOrdersTheSame();
    }

    @Test
    @Order(4)
    default void theMysteryShopperIsLikeAnyClientAndIsPaidBack() throws Exception {
        Shopper shopper = Objects.requireNonNull(SHOPPER.get(), "no shopper was started");
        CanaryView opened = shopper.opened();
        assertThat(opened.orders())
                .as("both were ordered twice, in time")
                .hasSize(4)
                .allSatisfy(order -> assertThat(order.never()).isNull());
        assertThat(opened.plan()).isNotNull();
        assertThat(opened.reruns())
                .as("the image of this network is not vetted")
                .isEmpty();
        assertThat(opened.paid().isZero()).isFalse();
        shopper.clientsJobIsSettled();
        assertThat(shopper.publicTrace(shopper.canary()))
                .as("the public history of the two wallets")
                .isNotEmpty()
                .containsExactlyElementsOf(shopper.publicTrace(shopper.client()));
        ApiClient api = new ApiClient(Services.api(network().layout()));
        assertThat(api.get("/v1/cases?first=100", new TypeReference<Page<CaseView>>() {})
                        .items())
                .extracting(CaseView::offence)
                .noneMatch(
                        offence -> offence instanceof Offence.FailedCanary || offence instanceof Offence.FalseResult);
    }
}
