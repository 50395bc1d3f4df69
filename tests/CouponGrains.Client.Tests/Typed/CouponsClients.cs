using CouponGrains.Client.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace CouponGrains.Client.Tests.Typed;

/// <summary>Over HTTP.</summary>
public sealed class HttpCouponsClientTests(ApiFixture api) : CouponsClientSuite(api), IClassFixture<ApiFixture>
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddCouponsClient(options => options.Address = api.Http.BaseAddress)
        .BuildServiceProvider();

    protected override ICouponsClient Client => _services.GetRequiredService<ICouponsClient>();
}

/// <summary>As an Orleans client.</summary>
public sealed class OrleansCouponsClientTests(ApiFixture api) : CouponsClientSuite(api), IClassFixture<ApiFixture>
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton(api.Cluster)
        .AddCouponsOrleansClient()
        .BuildServiceProvider();

    protected override ICouponsClient Client => _services.GetRequiredService<ICouponsClient>();
}
