using CouponGrains.Client.Tests.Api;
using CouponGrains.Domain;
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

/// <summary>What operators ask, over HTTP.</summary>
public sealed class HttpOperatorClientTests(ApiFixture api) : OperatorClientSuite(api), IClassFixture<ApiFixture>
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddCouponsClient(options => options.Address = api.Http.BaseAddress)
        .BuildServiceProvider();

    protected override ICouponsClient Client => _services.GetRequiredService<ICouponsClient>();

    [Theory]
    [InlineData(ExportFormat.Ndjson)]
    [InlineData(ExportFormat.Csv)]
    public async Task All_users_are_had_as_a_file(ExportFormat format)
    {
        var user = new UserId(Api.Name("user"));
        var cancel = TestContext.Current.CancellationToken;
        await Client.Describe(new() { Id = user, Attributes = new Dictionary<string, string>() }, cancel);
        var exports = _services.GetRequiredService<IExportsClient>();
        await using var file = await exports.Export(ExportKind.Users, format, cancel);
        using var text = new StreamReader(file);
        Assert.Contains(user.Value, await text.ReadToEndAsync(cancel), StringComparison.Ordinal);
    }
}

/// <summary>What operators ask, as an Orleans client.</summary>
public sealed class OrleansOperatorClientTests(ApiFixture api) : OperatorClientSuite(api), IClassFixture<ApiFixture>
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton(api.Cluster)
        .AddCouponsOrleansClient()
        .BuildServiceProvider();

    protected override ICouponsClient Client => _services.GetRequiredService<ICouponsClient>();
}
