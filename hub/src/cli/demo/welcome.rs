//! How to get there: links, the join code, a QR code for the terminal, and the moderator's password.

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use super::super::Failure;
use super::setting::Setting;
use crate::app::App;

pub(super) fn print(app: &App, setting: &Setting) -> Result<(), Failure> {
    let url = app.public_url();
    let code = &setting.conference.join_code;
    let join = format!("{url}/j/{code}");
    let qr = QrCode::new(&join)?.render::<Dense1x2>().quiet_zone(true).build();
    println!();
    println!("{}: \"{}\" is live", setting.conference.title, setting.session.title);
    println!();
    println!("{qr}");
    println!("  attendees   {join}");
    println!("  join code   {code}");
    println!("  moderator   {url}/moderate   {}   {}", setting.email, setting.password);
    println!("  screen      {url}/screen   pair it in the moderator's console");
    println!("  API         {url}/docs/api");
    println!();
    if app.config.server.listen.ip().is_loopback() {
        println!("This machine only. For phones in your network, start it with");
        println!(
            "  PLENUM__SERVER__LISTEN=0.0.0.0:8080 PLENUM__SERVER__PUBLIC_URL=http://<this machine's address>:8080"
        );
        println!();
    }
    println!("Ctrl-C ends it. Everything is kept; the next start goes on.");
    Ok(())
}
