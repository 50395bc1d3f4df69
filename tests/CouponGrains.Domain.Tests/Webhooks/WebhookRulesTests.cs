using System.Net;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Webhooks;

namespace CouponGrains.Domain.Tests.Webhooks;

public sealed class WebhookRulesTests
{
    private static readonly WebhookEndpoint Endpoint = new()
    {
        Id = "shop", Url = "https://shop.example.com/hooks", Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", At = Samples.Noon,
    };

    private static readonly WebhookDelivery Delivery = new()
    {
        Message = new("msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook.test", Samples.Noon, "{}"),
    };

    [Fact]
    public void The_signature_is_that_of_the_specifications_example()
    {
        // The example of Standard Webhooks 1.0 and of its reference libraries.
        var at = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Sign(Endpoint.Secret, Delivery.Message.Id, at, """{"test": 2432232314}"""));
    }

    [Fact]
    public void A_secret_that_was_changed_signs_beside_the_new_one_for_a_day()
    {
        var rotated = WebhookRules.Rotate(Endpoint, WebhookSignature.NewSecret(), Samples.Noon);
        Assert.StartsWith("whsec_", rotated.Secret, StringComparison.Ordinal);
        var both = WebhookSignature.Header(rotated, "m", Samples.Noon.AddDays(1).AddTicks(-1), "{}").Split(' ');
        var at = Samples.Noon.AddDays(1).AddTicks(-1);
        Assert.Equal([WebhookSignature.Sign(rotated.Secret, "m", at, "{}"), WebhookSignature.Sign(Endpoint.Secret, "m", at, "{}")], both);
        Assert.Single(WebhookSignature.Header(rotated, "m", Samples.Noon.AddDays(1), "{}").Split(' '));
    }

    [Theory]
    [InlineData("https://shop.example.com/hooks?x=1", null)]
    [InlineData("https://93.184.216.34/", null)]
    [InlineData("http://shop.example.com/", RefusalCodes.InvalidValue)]
    [InlineData("ftp://shop.example.com/", RefusalCodes.InvalidValue)]
    [InlineData("https://me:secret@shop.example.com/", RefusalCodes.InvalidValue)]
    [InlineData("shop.example.com", RefusalCodes.InvalidValue)]
    [InlineData("", RefusalCodes.InvalidValue)]
    [InlineData("https://localhost/", RefusalCodes.PrivateAddress)]
    [InlineData("https://db/", RefusalCodes.PrivateAddress)]
    [InlineData("https://metadata.google.internal/", RefusalCodes.PrivateAddress)]
    [InlineData("https://127.0.0.1/", RefusalCodes.PrivateAddress)]
    [InlineData("https://2130706433/", RefusalCodes.PrivateAddress)]
    [InlineData("https://0x7f.1/", RefusalCodes.PrivateAddress)]
    [InlineData("https://169.254.169.254/latest", RefusalCodes.PrivateAddress)]
    [InlineData("https://[::1]/", RefusalCodes.PrivateAddress)]
    [InlineData("https://[::ffff:10.0.0.1]/", RefusalCodes.PrivateAddress)]
    public void An_endpoint_is_on_the_public_network_and_behind_tls(string url, string? code)
    {
        Assert.Equal(code, WebhookRules.Check(Endpoint with { Url = url }, false)?.Code);
        Assert.True(code is not RefusalCodes.PrivateAddress || WebhookRules.Check(Endpoint with { Url = url }, true) is null);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("::ffff:192.168.0.1", false)]
    public void Public_addresses_are_told_from_the_others(string address, bool isPublic) =>
        Assert.Equal(isPublic, WebhookRules.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public void A_delivery_that_fails_is_tried_ten_times_with_growing_pauses()
    {
        var (endpoint, delivery, now, tries) = (Endpoint, Delivery, Samples.Noon, 0);
        while (delivery.State == DeliveryState.Pending && tries < 100)
        {
            (_, delivery) = WebhookRules.After(endpoint, delivery, new(500, null), now);
            if (delivery.State == DeliveryState.Pending)
            {
                Assert.InRange(delivery.NextAt - now, WebhookRules.Pauses[tries], WebhookRules.Pauses[tries] * 1.2);
                Assert.True(delivery.NextAt - now <= WebhookRules.PauseMax);
                now = delivery.NextAt;
            }

            tries++;
        }

        Assert.Equal((10, DeliveryState.Failed, "500"), (tries, delivery.State, delivery.Last));
        Assert.InRange(now - Samples.Noon, TimeSpan.FromDays(3), TimeSpan.FromDays(4));
    }

    [Fact]
    public void An_endpoint_is_disabled_after_failing_for_long_or_when_it_says_that_it_is_gone()
    {
        var (failing, _) = WebhookRules.After(Endpoint, Delivery, new(null, "refused"), Samples.Noon);
        Assert.Equal((Samples.Noon, WebhookStatus.Enabled), (failing.FailingSince, failing.Status));
        var later = Samples.Noon + WebhookRules.FailingMax;
        Assert.Equal(WebhookStatus.Enabled, WebhookRules.After(failing, Delivery, new(500, null), later.AddTicks(-1)).Endpoint.Status);
        Assert.Equal(WebhookStatus.Disabled, WebhookRules.After(failing, Delivery, new(500, null), later).Endpoint.Status);
        Assert.Null(WebhookRules.After(failing, Delivery, new(204, null), later).Endpoint.FailingSince);
        Assert.Equal(WebhookStatus.Disabled, WebhookRules.After(Endpoint, Delivery, new(410, null), Samples.Noon).Endpoint.Status);
        Assert.Equal(DeliveryState.Delivered, WebhookRules.After(Endpoint, Delivery, new(200, null), Samples.Noon).Delivery.State);
        Assert.Equal(DeliveryState.Pending, WebhookRules.After(Endpoint, Delivery, new(302, null), Samples.Noon).Delivery.State);
        // The clock was set back: the time of failing begins anew.
        Assert.Equal(Samples.Noon.AddDays(-1),
            WebhookRules.After(failing, Delivery, new(500, null), Samples.Noon.AddDays(-1)).Endpoint.FailingSince);
    }

    [Theory]
    [InlineData(49_99, 0, null)]
    [InlineData(50_00, 0, 50)]
    [InlineData(50_00, 50, null)]
    [InlineData(95_00, 50, 90)]
    [InlineData(100_00, 90, 100)]
    [InlineData(100_00, 100, null)]
    public void The_highest_share_that_is_reached_is_told_once(long spent, int told, int? percent) => Assert.Equal(
        percent, OutboxMessages.Reached(new BudgetUse(Samples.Dollars(100), new(spent, new("USD")), 0, 0), told));
}
