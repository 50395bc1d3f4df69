using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CouponGrains.Api;
using CouponGrains.Api.Hosting;
using CouponGrains.Client.Tests.Api;
using CouponGrains.Client.Tests.Cli;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CouponGrains.Client.Tests.Typed;

/// <summary>The API over TLS, with a certificate that an authority of the shop's own made.</summary>
public sealed class OwnAuthorityTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-authority-").FullName;
    private WebApplication _app = null!;
    private Uri _address = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var (authority, chain, key) = Make("ours");
        Assert.True(File.Exists(authority));
        var front = Front.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Port"] = $"{port}", ["Certificate"] = chain, ["CertificateKey"] = key,
        }).Build());
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        front.Open(builder.WebHost);
        builder.Services.AddSingleton(api.Cluster).AddSingleton<IGrainFactory>(api.Cluster).AddCouponGrainsApi();
        _app = builder.Build();
        front.Guard(_app);
        _app.MapCouponGrains();
        await _app.StartAsync(Cancel);
        _address = new($"https://localhost:{port}");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_client_believes_a_server_that_its_own_authority_vouches_for()
    {
        await using var services = Services(At("ours.ca"));
        var view = await services.GetRequiredService<ICouponsClient>().Cluster(Cancel);
        Assert.NotEmpty(view.Silos);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("others")]
    public async Task It_believes_none_that_another_one_vouches_for_and_says_that_nothing_was_asked(string? other)
    {
        await using var services = Services(other is null ? null : Make(other).Authority);
        var refused = await Assert.ThrowsAsync<CouponsException>(
            () => services.GetRequiredService<ICouponsClient>().Cluster(Cancel));
        Assert.Contains("nothing was asked", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_believes_no_certificate_of_another_name()
    {
        await using var services = Services(At("ours.ca"), new UriBuilder(_address) { Host = "127.0.0.1" }.Uri);
        var refused = await Assert.ThrowsAsync<CouponsException>(
            () => services.GetRequiredService<ICouponsClient>().Cluster(Cancel));
        Assert.Contains("nothing was asked", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no such file")]
    [InlineData("empty")]
    public void A_file_that_holds_no_certificate_is_told_before_anything_is_asked(string name)
    {
        File.WriteAllText(At("empty"), "");
        using var services = Services(At(name));
        var fault = Assert.Throws<OptionsValidationException>(
            () => services.GetRequiredService<IOptions<CouponsClientOptions>>().Value);
        Assert.Contains(At(name), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_speaks_with_it_too()
    {
        var (code, output, error) = await Coupons.Run("cluster", "--url", $"{_address}", "--ca", At("ours.ca"), "--json");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\"silos\"", output, StringComparison.Ordinal);
        (code, output, error) = await Coupons.Run("cluster", "--url", $"{_address}");
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("certificate", error, StringComparison.Ordinal);
    }

    private ServiceProvider Services(string? authority, Uri? address = null) => new ServiceCollection()
        .AddCouponsClient(options =>
        {
            (options.Address, options.CertificateAuthorityFile, options.Repeats) = (address ?? _address, authority, 0);
            options.TryTimeout = options.Timeout = TimeSpan.FromMinutes(1); // The machine may be busy with other tests.
        }).BuildServiceProvider();

    private string At(string name) => Path.Combine(_folder, name);

    /// <summary>An authority and a certificate of localhost that it made.</summary>
    private (string Authority, string Chain, string Key) Make(string name)
    {
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest($"CN={name}", rootKey, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = asked.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(root, from, until, [1, 2, 3, 4]);
        File.WriteAllText(At(name + ".ca"), root.ExportCertificatePem());
        File.WriteAllText(At(name + ".pem"), made.ExportCertificatePem());
        File.WriteAllText(At(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        return (At(name + ".ca"), At(name + ".pem"), At(name + ".key"));
    }
}
