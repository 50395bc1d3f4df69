using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CouponGrains.Api;
using CouponGrains.Api.Hosting;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Client.Tests.Api;

public sealed class BrowserTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coupongrains-guard-").FullName;
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync() => (_app, _http) = await Serve(new());

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_answer_tells_browsers_to_guess_frame_and_fetch_nothing()
    {
        using var answer = await _http.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    public async Task A_page_of_another_site_changes_nothing(string header, string value)
    {
        var (status, body) = await Post(header, value);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("\"cross_site\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_own_pages_programs_and_whoever_sends_a_key_get_through()
    {
        // 404 and 405 are told by what lies behind the guard.
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Post("Sec-Fetch-Site", "same-origin")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Post("Origin", _http.BaseAddress!.GetLeftPart(UriPartial.Authority))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Post("X-Other", "1")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Post("Sec-Fetch-Site", "cross-site", "Bearer key")).Status);
    }

    [Fact]
    public async Task A_name_that_was_made_to_point_at_loopback_is_not_answered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Host = "evil.example";
        using var answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Contains("\"unknown_host\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_certificate_it_answers_tls_alone_and_has_browsers_insist_on_it()
    {
        var (chain, key) = Write("first");
        var (app, http) = await Serve(new() { ["Certificate"] = chain, ["CertificateKey"] = key });
        await using var _ = app;
        using var __ = http;
        using var answer = await http.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
        using var plain = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => plain.GetAsync(new UriBuilder(http.BaseAddress!) { Scheme = "http", Path = "/health/live" }.Uri));
    }

    [Fact]
    public void A_replaced_certificate_is_taken_up_and_half_a_one_is_not()
    {
        var time = new Clock();
        var (chain, key) = Write("first");
        var certificate = new Certificate(chain, key, time);
        var first = certificate.Current.TargetCertificate.Thumbprint;
        var other = Write("second");
        File.Copy(other.Chain, chain, overwrite: true);
        time.Passed += TimeSpan.FromSeconds(11);
        Assert.Equal(first, certificate.Look(NullLogger.Instance).TargetCertificate.Thumbprint);
        File.Copy(other.Key, key, overwrite: true);
        Assert.Equal(first, certificate.Look(NullLogger.Instance).TargetCertificate.Thumbprint);
        time.Passed += TimeSpan.FromSeconds(11);
        Assert.NotEqual(first, certificate.Look(NullLogger.Instance).TargetCertificate.Thumbprint);
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_is_told_in_one_line_without_what_stands_in_it()
    {
        var (chain, key) = Write("first");
        Refused(new() { ["Certificate"] = chain });
        Refused(new() { ["Certificate"] = chain, ["CertificateKey"] = Path.Combine(_folder, "absent") });
        var told = Refused(new() { ["Certificate"] = chain, ["CertificateKey"] = Write("second").Key });
        Assert.DoesNotContain("BEGIN", told, StringComparison.Ordinal);
        Assert.NotEqual(key, told);
    }

    private static string Refused(Dictionary<string, string?> settings)
    {
        var refused = Assert.Throws<RefusedException>(() => Front.Read(Section(settings)));
        Assert.Equal(RefusalCodes.BadOption, refused.Refusal.Code);
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    private static IConfiguration Section(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static async Task<(WebApplication, HttpClient)> Serve(Dictionary<string, string?> settings)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        settings["Port"] = $"{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        var front = Front.Read(Section(settings));
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        front.Open(builder.WebHost);
        builder.Services.AddCouponGrainsProbes();
        var app = builder.Build();
        front.Guard(app);
        app.MapCouponGrainsProbes();
        await app.StartAsync();
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=first";
        return (app, new(handler) { BaseAddress = new($"{front.Scheme}://127.0.0.1:{front.Port}") });
    }

    private async Task<(HttpStatusCode Status, string Body)> Post(string header, string value, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/health/live");
        request.Headers.Add(header, value);
        if (key is not null)
        {
            request.Headers.Add("Authorization", key);
        }

        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private (string Chain, string Key) Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var files = (Path.Combine(_folder, name + ".pem"), Path.Combine(_folder, name + ".key"));
        File.WriteAllText(files.Item1, made.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
