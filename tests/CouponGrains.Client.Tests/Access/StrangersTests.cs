using System.Net;
using CouponGrains.Api.Access;
using CouponGrains.Domain.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Client.Tests.Access;

/// <summary>Who tries keys is slowed down, and nobody with a good one beside him.</summary>
public sealed class StrangersTests : IDisposable
{
    private const string Good = "an-admin-key-of-the-operators-own-making";

    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly Strangers _strangers = new(3);
    private readonly Operators _operators;
    private readonly Guard _guard;

    public StrangersTests()
    {
        // Nobody answers for this issuer.
        var options = new AccessOptions
        {
            KeysRequired = true, AdminKeyHash = KeySecret.Hash(Good), Issuer = "http://127.0.0.1:1/", Audience = "shop",
        };
        _operators = new(options, NullLogger<Operators>.Instance);
        _guard = new(
            _ => Task.CompletedTask, options, new(options, _operators, _strangers, TimeProvider.System, _services),
            NullLogger.Instance);
    }

    [Fact]
    public async Task An_address_that_shows_wrong_keys_is_not_listened_to_for_a_while()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(401, (await Ask($"wrong-{i}")).StatusCode);
        }

        var refused = await Ask("wrong-3");
        Assert.Equal((429, "application/problem+json"), (refused.StatusCode, refused.ContentType));
        Assert.Equal("20", refused.Headers.RetryAfter);
        Assert.Equal(401, (await Ask("wrong-4", "10.0.0.2")).StatusCode);
        Assert.Equal(401, (await Ask(null)).StatusCode);
    }

    [Fact]
    public async Task A_key_that_was_good_is_good_whatever_else_comes_from_its_address()
    {
        Assert.Equal(200, (await Ask(Good)).StatusCode);
        for (var i = 0; i < 5; i++)
        {
            await Ask($"wrong-{i}");
        }

        Assert.Equal(429, (await Ask("wrong")).StatusCode);
        Assert.Equal(200, (await Ask(Good)).StatusCode);
        Assert.Equal(429, (await Ask(Good + "x")).StatusCode);
    }

    [Fact]
    public async Task Good_keys_are_not_counted()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await Ask(Good)).StatusCode);
        }

        Assert.Equal(401, (await Ask("wrong")).StatusCode);
    }

    [Fact]
    public async Task A_token_that_nobody_can_check_now_is_no_wrong_one()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(503, (await Ask("a.b.c")).StatusCode);
        }

        Assert.Equal(401, (await Ask("wrong")).StatusCode);
    }

    public void Dispose()
    {
        _operators.Dispose();
        _strangers.Dispose();
        _services.Dispose();
    }

    private async Task<HttpResponse> Ask(string? key, string address = "10.0.0.1")
    {
        var http = new DefaultHttpContext { RequestServices = _services };
        http.Request.Method = "GET";
        http.Request.Path = "/v1/campaigns";
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        http.SetEndpoint(new RouteEndpoint(
            _ => Task.CompletedTask, RoutePatternFactory.Parse("/v1/campaigns"), 0, EndpointMetadataCollection.Empty, null));
        if (key is not null)
        {
            http.Request.Headers.Authorization = "Bearer " + key;
        }

        await _guard.Invoke(http);
        return http.Response;
    }
}
